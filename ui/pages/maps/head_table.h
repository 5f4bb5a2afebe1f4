#pragma once

#include "core/analysis/head_formation.h"
#include "ui/scenes/head_names.h"
#include "ui/widgets/table/data_table.h"

namespace lab {

/// One head of the table.
struct HeadRow {
    QString name;  ///< "L0 H1"
    int block = 0;
    int head = 0;
    HeadMetrics metrics;
    HeadBadge badge;
    std::vector<double> series;  ///< the chosen metric over training
    std::optional<Formation> formation;
    std::optional<double> span{};  ///< tokens, where the head learns one
};

/// The metrics of all heads, a row a head: kind, numbers, and of the chosen metric a bar, a sparkline over training and the step at which
/// the head formed. To sort by a metric chooses it.
class HeadTable : public DataTable {
    Q_OBJECT

public:
    explicit HeadTable(QWidget* parent = nullptr);

    /// Block after block; `seriesSteps` are those of the rows' series.
    void setRows(std::vector<HeadRow> rows, const std::optional<SourcePattern>& pattern, std::vector<std::int64_t> seriesSteps);
    /// As shown, sorted.
    const HeadRow& row(std::size_t place) const { return m_rows[places()[place]]; }
    /// What stands where no step is known: "measuring", "not trained".
    void setFormationHint(const QString& text) { m_hint = text; }
    void setShownStep(std::int64_t step) { m_shownStep = step; }
    /// Of the metrics the chosen one alone: for beside the maps.
    void setBrief(bool brief);

    HeadMetric chosen() const { return m_chosen; }
    /// Sorts by it, without a signal.
    void setChosen(HeadMetric metric);
    /// Without a signal.
    void setSelected(int block, int head);

    // Columns.
    static constexpr int nameColumn = 0, kindColumn = 1, firstMetric = 2;
    static constexpr int trainingColumn = firstMetric + static_cast<int>(headMetricCount), formedColumn = trainingColumn + 1,
                         spanColumn = formedColumn + 1;

signals:
    void chosenChanged(lab::HeadMetric metric);
    void headSelected(int block, int head);
    void headOpened(int block, int head);

protected:
    void titlePressed(int column) override;
    void arrangeColumns() override;

private:
    void nameColumns();
    void hideColumns();
    TableColumn metricColumn(HeadMetric metric) const;
    TableColumn kindsColumn() const;
    TableColumn seriesColumn() const;
    TableColumn formationColumn() const;
    TableColumn spansColumn() const;
    bool hasSpans() const;
    QString seriesText(const HeadRow& row) const;
    void paintSeries(QPainter& painter, const QRectF& cell, const HeadRow& row) const;
    std::optional<std::size_t> selected() const;

    std::vector<HeadRow> m_rows;
    std::optional<SourcePattern> m_pattern;
    std::vector<std::int64_t> m_steps;
    std::int64_t m_shownStep = 0;
    HeadMetric m_chosen = HeadMetric::agreement;
    QString m_hint;
    bool m_brief = false;
    int m_block = 0, m_head = 0;
};

}  // namespace lab
