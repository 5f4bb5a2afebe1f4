#include "ui/window/sweep_button.h"

#include <QPainter>

#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int sweepButtonBarHeight = 3;  // logical px at 100 %

}  // namespace

SweepButton::SweepButton(const SweepBook& book, QWidget* parent) : Button(QString(), parent), m_book(book) {
    setObjectName(QStringLiteral("window.transport.sweep"));
    setHeight(28);
    setFlatLook(true);
    setFocusPolicy(Qt::TabFocus);
    setWidthFor({counted(LAB_PLURAL("sweeps", "%1 / %n run(s)"), 888, {QString::number(888)})});
    connect(&book, &SweepBook::stateChanged, this, &SweepButton::follow);
    connect(&book, &SweepBook::progressed, this, &SweepButton::follow);
    follow();
}

void SweepButton::follow() {
    setVisible(m_book.isBusy());
    if (!m_book.isBusy()) return;
    const SweepProgressNews& news = m_book.progress();
    setText(counted(LAB_PLURAL("sweeps", "%1 / %n run(s)"), news.total, {QString::number(news.done)}));
    setAccessibleName(counted(LAB_PLURAL("sweeps", "Sweep: %1 of %n run(s) are finished"), news.total, {QString::number(news.done)}));
    setToolTip(news.secondsLeft ? tr("A sweep runs beside the training, %1 left. Shows it.").arg(duration(*news.secondsLeft))
                                : tr("A sweep runs beside the training. Shows it."));
    update();
}

void SweepButton::paintEvent(QPaintEvent* event) {
    Button::paintEvent(event);
    const Theme& theme = Theme::instance();
    const int high = theme.px(sweepButtonBarHeight), side = theme.px(6);
    QPainter painter(this);
    const QRectF track(side, height() - high - 1, width() - 2 * side, high);
    painter.fillRect(track, theme.color(Role::track));
    painter.fillRect(QRectF(track.topLeft(), QSizeF(track.width() * m_book.progress().share, track.height())), theme.color(Role::series1));
}

}  // namespace lab
