#pragma once

#include "ui/pages/codes/operation_study.h"
#include "ui/runs/latest_task.h"
#include "ui/widgets/panel.h"

class QComboBox;
class QLineEdit;

namespace lab {

class NumberLine;
class ProblemLabel;
class SegmentedControl;
class TextTable;
class ThemedLabel;

/// Joining and substituting, as arithmetic: from the numbers of two sequences to the number of the result, without writing the result down.
class OperationPanel : public PanelFrame {
    Q_OBJECT

public:
    explicit OperationPanel(CodesState& state, QWidget* parent = nullptr);

    /// Asks for what the state says now.
    void refresh();
    bool ready() const { return m_study && m_study->of == m_asked; }
    const OperationStudyPtr& study() const { return m_study; }
    NumberLine& result() const { return *m_result; }
    TextTable& steps() const { return *m_steps; }
    QString verdict() const;

signals:
    void changed();

private:
    QWidget* makeFields();
    void showFields();
    void showStudy();
    void applyMeasures();
    QString resultName() const;
    QString sentence() const;

    CodesState& m_state;
    bool m_stale = true;  ///< the state changed since the fields were filled
    OperationQuestion m_asked;
    OperationStudyPtr m_study;
    SegmentedControl* m_operation;
    QLineEdit* m_other;
    QComboBox* m_variable;
    ThemedLabel *m_what, *m_verdict;
    ProblemLabel* m_problem;
    NumberLine *m_first, *m_second, *m_result;
    TextTable* m_steps;
    LatestTask m_task;  ///< ends first
};

}  // namespace lab
