#pragma once

#include "ui/runs/ablation_study.h"
#include "ui/scenes/measure_words.h"
#include "ui/widgets/table/data_table.h"

namespace lab {

/// Every head and block of a model with its switch (on, off, uniform) and what switching it alone costs. A click on a choice, or O, U, and
/// Enter for the next one, switches.
class AblationTable : public DataTable {
    Q_OBJECT

public:
    enum class State { on, off, uniform, several };  ///< several: the heads of a block differ
    struct Row {
        QString name;  ///< "L0 H1", "L0 all"
        AblationStudy::Entry entry;
        State state = State::on;
    };

    explicit AblationTable(QWidget* parent = nullptr);

    /// A block behind its heads. `whole`: the model unchanged, what differences are taken from; nothing before a ranking.
    void setRows(std::vector<Row> rows, const std::optional<AblationScore>& whole);
    /// As shown, sorted.
    const Row& row(std::size_t place) const { return m_rows[places()[place]]; }
    /// What is measured beside the loss.
    void setMeasure(Measure measure);
    /// In place of loss and measure: how far the model's vectors move (AblationJudge).
    void setJudgesVectors(bool vectors);
    QRect stateRect(int place, State state) const;

    static constexpr int nameColumn = 0, stateColumn = 1, offLoss = 2, offAccuracy = 3, uniformLoss = 4, uniformAccuracy = 5;

signals:
    void switched(const lab::AblationSubject& subject, lab::AblationTable::State state);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void arrangeColumns() override;

private:
    void nameColumns();
    QString judgedBy(int column) const;
    TableColumn nameOf() const;
    TableColumn switchOf() const;
    TableColumn changeOf(std::string id, const QString& title, int column) const;
    double change(const Row& row, int column) const;
    void paintChoices(QPainter& painter, const QRectF& room, State state) const;
    void switchRow(std::size_t row, State state);

    Measure m_measure = LossKind::cross_entropy;
    bool m_vectors = false;
    std::vector<Row> m_rows;
    std::optional<AblationScore> m_whole;
    double m_mostLoss = 0.0;  ///< the largest change of the loss: one scale for all bars
};

/// Four decimals, and 6.2e-6 where these would show nothing: a model that has learned its task has a loss of next to nothing.
QString lossText(double loss);
QString lossChangeText(double change);

}  // namespace lab
