#pragma once

#include <QDialog>

#include "core/goedel/goedel_number.h"
#include "ui/pages/codes/codes_state.h"
#include "ui/runs/latest_task.h"

class QPlainTextEdit;

namespace lab {

class Button;
class ProblemLabel;
class WrappedText;

/// A whole number, to be typed or pasted, and the sequence whose number it is, or why it is that of none. Divided on a thread of its own.
class DecodeDialog : public QDialog {
    Q_OBJECT

public:
    /// `name` begins the names of its controls.
    DecodeDialog(CodesState& state, const QString& name, QWidget* parent = nullptr);

    /// Why it is the number of no sequence; empty: it is one's, or it is still divided.
    QString problem() const;
    QString result() const;
    bool ready() const { return !m_task.busy(); }

private:
    void read();
    void take(const goedel::Decoded& decoded);
    void refuse(const QString& sentence);
    void applyMeasures();

    CodesState& m_state;
    std::shared_ptr<const goedel::Alphabet> m_alphabet;
    goedel::Symbols m_symbols;
    QPlainTextEdit* m_text;
    ProblemLabel* m_problem;
    WrappedText* m_result;
    Button* m_take;
    LatestTask m_task;  ///< ends first
};

}  // namespace lab
