#pragma once

#include <QTableView>
#include <vector>

#include "core/analysis/head_formation.h"
#include "ui/scenes/head_names.h"
#include "ui/widgets/figure.h"

namespace lab {

class SortHeader;

/// One head of the table.
struct HeadRow {
    QString name;  ///< "L0 H1"
    int block = 0;
    int head = 0;
    HeadMetrics metrics;
    HeadBadge badge;
    std::vector<double> series;  ///< the chosen metric over training
    std::optional<Formation> formation;
};

/// The metrics of all heads, a row a head: kind, numbers, and of the chosen metric a bar, a sparkline over training and the step at which
/// the head formed. A click on a column's title, or S in the column, sorts by it and, where it is a metric, chooses it; Enter opens a head.
class HeadTable : public QTableView {
    Q_OBJECT

public:
    explicit HeadTable(QWidget* parent = nullptr);

    /// `seriesSteps` are those of the rows' series.
    void setRows(std::vector<HeadRow> rows, const std::optional<SourcePattern>& pattern, std::vector<std::int64_t> seriesSteps);
    /// As shown, sorted.
    const std::vector<HeadRow>& rows() const;
    /// What stands where no step is known: "measuring", "not trained".
    void setFormationHint(const QString& text);
    void setShownStep(std::int64_t step);

    HeadMetric chosen() const;
    /// Sorts by it, without a signal.
    void setChosen(HeadMetric metric);
    /// Without a signal.
    void setSelected(int block, int head);

    /// All rows without scrolling.
    int fullHeight() const;
    /// The numbers of the rows, all metrics in full.
    FigureTable table() const;

    // Columns.
    static constexpr int nameColumn = 0, kindColumn = 1, firstMetric = 2;
    static constexpr int trainingColumn = firstMetric + static_cast<int>(headMetricCount), formedColumn = trainingColumn + 1;
    static constexpr int columnCount = formedColumn + 1;

signals:
    void chosenChanged(lab::HeadMetric metric);
    void headSelected(int block, int head);
    void headOpened(int block, int head);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    class Model;
    class Painter;
    void sortByColumn(int column);
    void applySorting();
    void applyMeasures();
    void arrangeColumns();
    void select();

    Model* m_model;
    SortHeader* m_header;
    int m_block = 0, m_head = 0;
    bool m_selecting = false;
};

}  // namespace lab
