#include "ui/widgets/log_slider.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int logSliderHeight = 26, logSliderWidth = 100, logSliderSide = 6;
constexpr int stepsOfPower = 50;

}  // namespace

LogSlider::LogSlider(const QString& name, double low, double high, QWidget* parent)
    : QAbstractSlider(parent), m_low(low), m_high(high), m_number(low) {
    setOrientation(Qt::Horizontal);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(name);
    setRange(0, static_cast<int>(std::lround(std::log10(high / low) * stepsOfPower)));
    setPageStep(stepsOfPower / 4);
    describe();
}

/// The exact number that was set, else that of the slider's step.
double LogSlider::number() const {
    return m_number;
}

double LogSlider::placeOf(double number) const {
    return std::log10(number / m_low) / std::log10(m_high / m_low);
}

void LogSlider::setNumber(double number) {
    m_setting = true;
    m_number = std::clamp(number, m_low, m_high);
    setValue(static_cast<int>(std::lround(placeOf(m_number) * maximum())));
    m_setting = false;
    describe();
    update();
}

void LogSlider::setMark(std::optional<double> number) {
    m_mark = number;
    update();
}

void LogSlider::sliderChange(SliderChange change) {
    QAbstractSlider::sliderChange(change);
    if (change == SliderValueChange && !m_setting) {
        m_number = m_low * std::pow(m_high / m_low, static_cast<double>(value()) / std::max(1, maximum()));
        describe();
        emit numberMoved(m_number);
    }
    update();
}

void LogSlider::describe() {
    setAccessibleDescription(significant(m_number, 3));
}

QSize LogSlider::sizeHint() const {
    return {Theme::instance().px(180), Theme::instance().px(logSliderHeight)};
}
QSize LogSlider::minimumSizeHint() const {
    return {Theme::instance().px(logSliderWidth), Theme::instance().px(logSliderHeight)};
}

QRectF LogSlider::groove() const {
    const int inset = Theme::instance().px(logSliderSide);
    return QRectF(rect()).adjusted(inset, 0, -inset, 0);
}

double LogSlider::xOf(double number) const {
    const QRectF room = groove();
    return room.left() + room.width() * std::clamp(placeOf(number), 0.0, 1.0);
}

void LogSlider::chooseAt(double x) {
    const QRectF room = groove();
    setValue(static_cast<int>(std::lround(std::clamp((x - room.left()) / room.width(), 0.0, 1.0) * maximum())));
}

void LogSlider::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) chooseAt(event->position().x());
}
void LogSlider::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons().testFlag(Qt::LeftButton)) chooseAt(event->position().x());
}

void LogSlider::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF room = groove();
    const double y = height() / 2.0 - theme.px(2);
    QPen pen(theme.color(Role::controlBorder), theme.px(2));
    pen.setCapStyle(Qt::FlatCap);
    painter.setPen(pen);
    painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y));
    const int last = static_cast<int>(std::floor(std::log10(m_high) + 1e-9));
    for (int power = static_cast<int>(std::ceil(std::log10(m_low) - 1e-9)); power <= last; ++power) {
        const double x = xOf(std::pow(10.0, power));
        drawHairline(painter, QPointF(x, y + theme.px(4)), QPointF(x, y + theme.px(8)), theme.color(Role::muted));
    }
    if (m_mark) painter.fillRect(QRectF(xOf(*m_mark) - 1, y - theme.px(8), 2, theme.px(16)), theme.color(Role::accent));
    const QRectF handle(xOf(m_number) - theme.px(5), y - theme.px(8), theme.px(10), theme.px(15));
    drawFrame(painter, handle, theme.px(2), theme.color(underMouse() ? Role::text : Role::controlBorder), theme.color(Role::control),
              1.5 * theme.scale());
    painter.fillRect(QRectF(handle.center().x() - theme.px(1.5), handle.top() + theme.px(3), theme.px(3), theme.px(9)),
                     theme.color(Role::fill));
}

}  // namespace lab
