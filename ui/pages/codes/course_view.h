#pragma once

#include <QWidget>
#include <optional>

#include "core/codes/code_report.h"

namespace lab {

class CodeHistory;
class PanelFrame;
class Plot;
class WrappedText;

/// What the curves stand beside.
struct CourseScene {
    std::int64_t step = 0;              ///< shown
    double room = 0;                    ///< bits of the code
    std::optional<double> needed = {};  ///< bits, where known
};

/// How the code came about: what is read back, what collides, and the bits it uses, over the kept steps of the training. A click, or the
/// arrows, move the shown step.
class CourseView : public QWidget {
    Q_OBJECT

public:
    explicit CourseView(CodeHistory& history, QWidget* parent = nullptr);

    void setScene(const CourseScene& scene);
    Plot& sharesPlot() const { return *m_shares; }
    Plot& bitsPlot() const { return *m_bits; }
    QString sentence() const;
    /// "34 of 187 steps"; empty when all are measured.
    QString progress() const;

signals:
    void stepWanted(std::int64_t step);

private:
    Plot* makePlot(const char* id, const QString& name);
    void applyMeasures();
    void showCurves(const CourseScene& scene);
    QString words() const;

    CodeHistory& m_history;
    PanelFrame *m_sharesPanel, *m_bitsPanel;
    Plot *m_shares, *m_bits;
    WrappedText* m_sentence;
};

}  // namespace lab
