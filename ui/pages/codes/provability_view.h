#pragma once

#include <QWidget>
#include <memory>

#include "core/goedel/proof.h"
#include "ui/pages/codes/codes_state.h"
#include "ui/runs/latest_task.h"

class QLineEdit;
class QVBoxLayout;

namespace lab {

class NumberLine;
class ProblemLabel;
class TextTable;
class ThemedLabel;

/// Why "there is a proof" becomes a statement about numbers, step by step; and the relation itself, for a system small enough, asked of the
/// numbers of a typed proof and formula.
class ProvabilityView : public QWidget {
    Q_OBJECT

public:
    explicit ProvabilityView(CodesState& state, QWidget* parent = nullptr);

    void refresh();
    bool ready() const { return !m_task.busy(); }
    /// What the relation answered.
    QString verdict() const;
    TextTable& lines() const { return *m_lines; }

signals:
    void changed();

private:
    /// The relation, asked of two numbers.
    struct Answer {
        std::string proof, formula;  ///< decimal
        goedel::ProofReading reading;
        Message refusal;
    };
    void addSteps(QVBoxLayout& lines);
    void addRelation(QVBoxLayout& lines);
    QLineEdit* addField(QVBoxLayout& lines, const QString& name, const QString& caption);
    QString typed(bool proof) const;
    void keep(bool proof, const QString& text);
    void show(const Answer& answer);

    CodesState& m_state;
    QString m_asked;  ///< both texts
    QLineEdit *m_proof, *m_formula;
    ProblemLabel* m_problem;
    NumberLine *m_proofNumber, *m_formulaNumber;
    TextTable* m_lines;
    ThemedLabel* m_verdict;
    LatestTask m_task;  ///< ends first
};

}  // namespace lab
