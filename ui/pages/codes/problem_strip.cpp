#include "ui/pages/codes/problem_strip.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>

#include "ui/widgets/paint.h"

namespace lab {
namespace {

constexpr int stripHeight = 28, stripSide = 8, stripEdge = 6, stripRadius = 3;  // logical px at 100 %

}  // namespace

ProblemStrip::ProblemStrip(QWidget* over) : ProblemLabel(TextSize::text, over) {
    over->installEventFilter(this);
    followTheme(this, &ProblemStrip::place);
}

void ProblemStrip::tell(const QString& sentence) {
    if (sentence == this->sentence()) return;
    say(sentence);
    place();
}

void ProblemStrip::place() {
    const Theme& theme = Theme::instance();
    const int side = theme.px(stripSide), edge = theme.px(stripEdge), width = parentWidget()->width();
    setContentsMargins(side, edge, side, edge);
    setGeometry(0, 0, width, std::max(theme.px(stripHeight), heightForWidth(width)));
    raise();
}

bool ProblemStrip::eventFilter(QObject* object, QEvent* event) {
    if (object == parentWidget() && event->type() == QEvent::Resize) place();
    return ProblemLabel::eventFilter(object, event);
}

void ProblemStrip::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    const Theme& theme = Theme::instance();
    lab::drawFrame(painter, rect(), theme.px(stripRadius), theme.color(Role::wrong), theme.color(Role::wrongBackground));
    painter.end();
    ProblemLabel::paintEvent(event);
}

}  // namespace lab
