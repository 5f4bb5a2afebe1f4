#pragma once

#include <memory>

#include "core/goedel/in_double.h"
#include "ui/pages/codes/codes_state.h"
#include "ui/runs/latest_task.h"
#include "ui/widgets/panel.h"

namespace lab {

class TextTable;
class WrappedText;

/// What floating point keeps of a sequence's number.
struct DoubleStudy {
    CodedSequence of;
    goedel::InDouble kept;
    std::string error;  ///< |double - G|, decimal
    std::vector<goedel::Twins> twins;
    Message refusal;  ///< why there is no number
};

/// A number in a double, and ln G: how far off they are, where decoding goes wrong, and two sequences that become the same double.
class DoublePanel : public PanelFrame {
    Q_OBJECT

public:
    explicit DoublePanel(QWidget* parent = nullptr);

    void setSequence(const CodedSequence& sequence);
    bool ready() const { return m_study && m_study->of == m_asked; }
    const std::shared_ptr<const DoubleStudy>& study() const { return m_study; }
    TextTable& facts() const { return *m_facts; }
    TextTable& twins() const { return *m_twins; }
    /// "ln G = 4 · ln 2 + ...".
    QString linear() const;

signals:
    void changed();

private:
    void showStudy();
    void showFacts();
    void showTwins();
    void applyMeasures();
    QString linearSum() const;

    CodedSequence m_asked;
    std::shared_ptr<const DoubleStudy> m_study;
    WrappedText *m_linear, *m_same;
    TextTable *m_facts, *m_twins;
    LatestTask m_task;  ///< ends first
};

}  // namespace lab
