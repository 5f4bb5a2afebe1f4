#include "ui/lessons/drawn_box.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/lessons/plain_number.h"
#include "ui/text/message_text.h"
#include "ui/text/number_words.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

constexpr int height100 = 140, margin100 = 8, foot100 = 18;  // logical px at 100 %
constexpr double stepOfKeys = 0.05;                          // of the range
constexpr std::size_t mostInWords = 6;

QString listed(const std::vector<double>& numbers) {
    QStringList words;
    for (const double number : numbers) words << writtenPlainly(std::round(1000 * number) / 1000, 3);
    return words.join(decimalPoint() == u'.' ? QStringLiteral(", ") : QStringLiteral("; "));
}

}  // namespace

DrawnBox::DrawnBox(const PredictionScene& scene)
    : m_prediction(scene.prediction),
      m_numbers(std::max<std::size_t>(scene.count, 1), std::clamp(0.0, scene.prediction.from, scene.prediction.to)) {
    setControlName(*this, QStringLiteral("lesson.drawing"));
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_verdict = new ThemedLabel({}, TextSize::text, Role::muted);
    m_verdict->setWordWrap(true);
    m_verdict->hide();
    auto* column = new QVBoxLayout(this);
    auto* picture = new QSpacerItem(0, 0);
    column->addItem(picture);
    column->addWidget(m_verdict);
    keepSpacing(column, {}, 6);
    followTheme(this, [column, picture] {
        picture->changeSize(Theme::instance().px(200), Theme::instance().px(height100));
        column->invalidate();
    });
    describe();
}

QRectF DrawnBox::picture() const {
    return {0, 0, static_cast<double>(width()), static_cast<double>(Theme::instance().px(height100))};
}

QRectF DrawnBox::field() const {
    const Theme& theme = Theme::instance();
    return picture().adjusted(theme.px(margin100), theme.px(margin100), -theme.px(margin100), -theme.px(foot100));
}

double DrawnBox::x(std::size_t place) const {
    const QRectF box = field();
    return box.left() + box.width() * (static_cast<double>(place) + 0.5) / static_cast<double>(m_numbers.size());
}

double DrawnBox::y(double value) const {
    const QRectF box = field();
    const double share = (value - m_prediction.from) / (m_prediction.to - m_prediction.from);
    return box.bottom() - box.height() * std::clamp(share, 0.0, 1.0);
}

/// Where 0 is, or what is nearest to it.
double DrawnBox::ground() const {
    return y(std::clamp(0.0, m_prediction.from, m_prediction.to));
}

void DrawnBox::set(std::size_t place, double value) {
    if (m_right) return;
    m_current = place;
    m_numbers[place] = std::clamp(value, m_prediction.from, m_prediction.to);
    m_touched = true;
    describe();
    update();
    emit saidChanged();
}

void DrawnBox::drawAt(const QPointF& point) {
    const QRectF box = field();
    const double place = (point.x() - box.left()) / box.width() * static_cast<double>(m_numbers.size());
    const auto last = static_cast<double>(m_numbers.size() - 1);
    const double share = (box.bottom() - point.y()) / box.height();
    set(static_cast<std::size_t>(std::clamp(std::floor(place), 0.0, last)),
        m_prediction.from + share * (m_prediction.to - m_prediction.from));
}

void DrawnBox::mousePressEvent(QMouseEvent* event) {
    drawAt(event->position());
}
void DrawnBox::mouseMoveEvent(QMouseEvent* event) {
    drawAt(event->position());
}

void DrawnBox::keyPressEvent(QKeyEvent* event) {
    const double by = stepOfKeys * (m_prediction.to - m_prediction.from);
    switch (event->key()) {
        case Qt::Key_Left:
            m_current = m_current == 0 ? 0 : m_current - 1;
            break;
        case Qt::Key_Right:
            m_current = std::min(m_current + 1, m_numbers.size() - 1);
            break;
        case Qt::Key_Up:
            return set(m_current, m_numbers[m_current] + by);
        case Qt::Key_Down:
            return set(m_current, m_numbers[m_current] - by);
        default:
            return PredictionBox::keyPressEvent(event);
    }
    describe();
    update();
}

void DrawnBox::describe() {
    describePicture(this, counted(LAB_PLURAL("lessons", "Draw what you expect: %n number(s)"), std::ssize(m_numbers)),
                    tr("Number %1 is %2").arg(m_current + 1).arg(brief(m_numbers[m_current], 3)));
}

std::optional<Revealed> DrawnBox::said() const {
    return m_touched ? std::optional(Revealed{{}, m_numbers}) : std::nullopt;
}

void DrawnBox::say(const Revealed& said) {
    for (std::size_t i = 0; i < std::min(said.numbers.size(), m_numbers.size()); ++i) set(i, said.numbers[i]);
}

void DrawnBox::reveal(const Revealed& right) {
    m_right = right;
    Revealed rounded = right;
    for (double& number : rounded.numbers) number = std::round(1000 * number) / 1000;
    const QString words = tr("It is %1").arg(withShownNumbers(QString::fromStdString(rounded.text())));
    setToolTip(words);
    const std::optional<Revealed> mine = said();
    const QString verdict = mine ? verdictOf(*mine, right) : words;
    m_verdict->setRole(mine ? verdictRole(verdict) : Role::muted);
    m_verdict->setText(verdict);
    m_verdict->show();
    describePicture(this, accessibleName(), verdict);
    update();
}

/// Every number where there are few; of a curve how far it was.
QString DrawnBox::verdictOf(const Revealed& said, const Revealed& right) const {
    const bool near = isRight(m_prediction, said, right);
    const QString mark = near ? QStringLiteral("\u2713 ") : QStringLiteral("\u00d7 ");
    const QString off = writtenPlainly(gapOf(m_prediction, said, right), 2);
    if (right.numbers.size() > mostInWords)
        return mark + (near ? tr("Near enough: %1 off on average.") : tr("%1 off on average.")).arg(off);
    const QString mine = listed(said.numbers), it = listed(right.numbers);
    return mark + (near ? tr("You said %1: near enough, it is %2.") : tr("You said %1; it is %2.")).arg(mine, it);
}

/// Those below 0 hang from its line.
void DrawnBox::paintBars(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const double half = 0.35 * field().width() / static_cast<double>(m_numbers.size());
    const auto barOf = [this](std::size_t i, double number, double reach) {
        return QRectF(QPointF(x(i) - reach, y(number)), QPointF(x(i) + reach, ground())).normalized();
    };
    for (std::size_t i = 0; i < m_numbers.size(); ++i) {
        const QRectF bar = barOf(i, m_numbers[i], half);
        painter.fillRect(bar, theme.color(m_right ? Role::track : Role::fill));
        if (m_right && i < m_right->numbers.size()) {
            painter.fillRect(barOf(i, m_right->numbers[i], half / 2), theme.color(Role::series1));
        } else if (i == m_current && hasFocus()) {
            painter.setPen(QPen(theme.color(Role::accent), 2));
            painter.drawRect(bar.adjusted(-1, -1, 1, 0));
        }
    }
}

/// Above its bar what it stands for: what is, once that is known.
void DrawnBox::paintValues(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const std::vector<double>& numbers = m_right && m_right->numbers.size() == m_numbers.size() ? m_right->numbers : m_numbers;
    const double room = field().width() / static_cast<double>(numbers.size());
    painter.setFont(theme.font(TextSize::caption));
    const int line = painter.fontMetrics().height();
    painter.setPen(theme.color(Role::text));
    for (std::size_t i = 0; m_touched && i < numbers.size(); ++i) {
        const QString text = writtenPlainly(std::round(100 * numbers[i]) / 100, 3);
        if (textWidth(painter.font(), text) > room) continue;
        const double top = std::max(field().top(), y(std::max({numbers[i], m_numbers[i], 0.0})) - line);
        painter.drawText(QRectF(x(i) - room / 2, top, room, line), Qt::AlignCenter, text);
    }
}

void DrawnBox::paintCurve(QPainter& painter, const std::vector<double>& numbers, const QPen& pen) const {
    painter.setPen(pen);
    QPolygonF line;
    for (std::size_t i = 0; i < std::min(numbers.size(), m_numbers.size()); ++i) line << QPointF(x(i), y(numbers[i]));
    painter.drawPolyline(line);
    painter.setBrush(pen.color());
    for (const QPointF& point : line) painter.drawEllipse(point, 2, 2);
}

void DrawnBox::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(picture(), theme.color(Role::screen));
    painter.setPen(theme.color(Role::hairline));
    painter.drawRect(picture().adjusted(0.5, 0.5, -0.5, -0.5));
    painter.drawLine(QPointF(field().left(), ground()), QPointF(field().right(), ground()));
    if (m_prediction.kind == Prediction::Kind::bars) {
        paintBars(painter);
        paintValues(painter);
    } else {
        paintCurve(painter, m_numbers, QPen(theme.color(Role::accent), 2, Qt::DashLine));
        if (m_right) paintCurve(painter, m_right->numbers, QPen(theme.color(Role::series1), 2));
    }
    painter.setPen(theme.color(Role::muted));
    painter.setFont(theme.font(TextSize::caption));
    const QRectF foot(field().left(), field().bottom(), field().width(), theme.px(foot100));
    const QString said = m_right ? tr("wide: what you said; narrow: what is") : tr("draw with the mouse, or arrows");
    painter.drawText(foot, Qt::AlignLeft | Qt::AlignVCenter,
                     m_prediction.kind == Prediction::Kind::bars || !m_right ? said : tr("dashed: what you said; solid: what is"));
    painter.drawText(foot, Qt::AlignRight | Qt::AlignVCenter, tr("%1 to %2").arg(brief(m_prediction.from, 3), brief(m_prediction.to, 3)));
}

}  // namespace lab
