#pragma once

#include <QTableView>
#include <vector>

#include "ui/runs/ablation_study.h"
#include "ui/widgets/figure.h"

namespace lab {

class SortHeader;

/// Every head and block of a model with its switch (on, off, uniform) and what switching it alone costs. A click on a choice, or O, U, and
/// Enter for the next one, switches; S or a click on a title sorts.
class AblationTable : public QTableView {
    Q_OBJECT

public:
    enum class State { on, off, uniform, several };  ///< several: the heads of a block differ
    struct Row {
        QString name;  ///< "L0 H1", "L0 all"
        AblationStudy::Entry entry;
        State state = State::on;
    };

    explicit AblationTable(QWidget* parent = nullptr);

    /// `whole`: the model unchanged, what differences are taken from; nothing before a ranking.
    void setRows(std::vector<Row> rows, const std::optional<AblationScore>& whole);
    /// As shown, sorted.
    const std::vector<Row>& rows() const;
    void sortByColumn(int column, bool ascending);
    QRect stateRect(int row, State state) const;
    FigureTable table() const;

    static constexpr int nameColumn = 0, stateColumn = 1, offLoss = 2, offAccuracy = 3, uniformLoss = 4, uniformAccuracy = 5;
    static constexpr int columnCount = 6;

signals:
    void switched(const lab::AblationSubject& subject, lab::AblationTable::State state);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    class Model;
    class Painter;
    void applyMeasures();
    void arrangeColumns();
    void switchRow(int row, State state);

    Model* m_model;
    SortHeader* m_header;
    int m_bar = 0;  ///< width of the bars
};

/// Four decimals, and 6.2e-6 where these would show nothing: a model that has learned its task has a loss of next to nothing.
QString lossText(double loss);
QString lossChangeText(double change);

}  // namespace lab
