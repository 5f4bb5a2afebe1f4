#pragma once

#include "ui/widgets/problem_label.h"

namespace lab {

/// What is wrong with the sequence, over the upper edge of a tab: nothing moves while one types.
class ProblemStrip : public ProblemLabel {
    Q_OBJECT

public:
    explicit ProblemStrip(QWidget* over);

    /// Nothing is wrong when it is empty.
    void tell(const QString& sentence);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    void place();
};

}  // namespace lab
