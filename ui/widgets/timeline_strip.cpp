#include "ui/widgets/timeline_strip.h"

#include <QHelpEvent>
#include <QLineEdit>
#include <QPainter>
#include <QPainterPath>
#include <QTimer>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "core/runs/budget.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int sideMargin = 7;
constexpr int topMargin = 6;
constexpr int screenHeight = 30;
constexpr int keptTick = 4;
constexpr int totalHeight = 56;
constexpr int labelDistance = 90;
constexpr int flagWidth = 7;
constexpr int flagHeight = 6;
constexpr int flagDistance = 12;  ///< nearer ones thin out
constexpr int nameWidth = 160;
constexpr int mostLetters = 40;

constexpr std::size_t mostBuckets = 2048;
constexpr float fillOpacity = 0.18F;
constexpr double smallestLoss = 1e-6;

/// 1, 2 or 5 times a power of ten, at least `least`.
std::int64_t roundDistance(double least) {
    std::int64_t decade = 1;
    while (true) {
        for (const int factor : {1, 2, 5})
            if (static_cast<double>(factor * decade) >= least) return factor * decade;
        decade *= 10;
    }
}

}  // namespace

TimelineStrip::TimelineStrip(QWidget* parent) : QWidget(parent), m_soon(new QTimer(this)), m_name(named(".name", new QLineEdit(this))) {
    m_soon->setSingleShot(true);
    m_soon->setInterval(budget::timeline);
    connect(m_soon, &QTimer::timeout, this, qOverload<>(&QWidget::update));
    m_name->hide();
    m_name->setMaxLength(mostLetters);
    m_name->setAccessibleName(tr("Name of the pinned step"));
    m_name->setToolTip(tr("Enter names the pin; an empty name removes it"));
    connect(m_name, &QLineEdit::editingFinished, this, [this] {
        if (!m_name->isVisible()) return;
        const bool inHand = m_name->hasFocus();  // not when the focus went elsewhere by itself
        m_name->hide();
        if (inHand) setFocus();
        emit pinNamed(m_named, m_name->text().trimmed());
    });
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describePicture(this, tr("Timeline of the training"));
    FocusRing::exempt(this);
}

void TimelineStrip::clear(std::int64_t firstStep, std::int64_t lastStep) {
    m_buckets.clear();
    m_perBucket = 1;
    m_validations.clear();
    m_kept.clear();
    m_pins.clear();
    m_best.reset();
    m_fall.reset();
    m_name->hide();
    m_first = firstStep;
    m_last = std::max(lastStep, firstStep + 1);
    m_newest = m_shown = firstStep;
    m_lowest = m_highest = 0;
    update();
}

/// News of a training move the strip a pixel or none: ten pictures a second are plenty. The hand does not wait.
void TimelineStrip::updateSoon() {
    if (!m_soon->isActive()) m_soon->start();
}

void TimelineStrip::addLoss(std::int64_t step, double loss) {
    const double value = std::log(std::max(loss, smallestLoss));
    if (m_buckets.empty()) m_lowest = m_highest = value;
    m_lowest = std::min(m_lowest, value);
    m_highest = std::max(m_highest, value);
    if (m_buckets.empty() || m_buckets.back().count >= m_perBucket) {
        if (m_buckets.size() >= mostBuckets) halveBuckets();
        m_buckets.push_back({step, 0, 0});
    }
    m_buckets.back().sum += value;
    ++m_buckets.back().count;
    updateSoon();
}

void TimelineStrip::halveBuckets() {
    for (std::size_t i = 0; i < m_buckets.size() / 2; ++i) {
        const Bucket& one = m_buckets[2 * i];
        const Bucket& other = m_buckets[2 * i + 1];
        m_buckets[i] = {one.step, one.sum + other.sum, one.count + other.count};
    }
    m_buckets.resize(m_buckets.size() / 2);
    m_perBucket *= 2;
}

void TimelineStrip::addValidation(std::int64_t step, double loss) {
    m_validations.push_back({step, std::log(std::max(loss, smallestLoss))});
    updateSoon();
}

void TimelineStrip::setKeptSteps(std::vector<std::int64_t> steps) {
    m_kept = std::move(steps);
    updateSoon();
}

void TimelineStrip::setPins(std::vector<Pin> pins) {
    if (m_pins == pins) return;
    m_pins = std::move(pins);
    update();
}

void TimelineStrip::setBest(std::optional<std::int64_t> step) {
    if (m_best == step) return;
    m_best = step;
    updateSoon();
}

void TimelineStrip::setFall(std::optional<std::int64_t> step, const QString& meaning) {
    m_fallMeaning = meaning;
    if (m_fall == step) return;
    m_fall = step;
    updateSoon();
}

void TimelineStrip::setShown(std::int64_t shown, std::int64_t newest) {
    if (m_shown == shown && m_newest == newest) return;
    const bool follows = m_shown == m_newest && shown == newest;
    m_shown = shown;
    m_newest = newest;
    describePicture(this, accessibleName(), tr("step %1 of %2").arg(grouped(shown), grouped(newest)));
    if (follows)
        updateSoon();
    else
        update();
}

QSize TimelineStrip::sizeHint() const {
    return {Theme::instance().px(800), Theme::instance().px(totalHeight)};
}
QSize TimelineStrip::minimumSizeHint() const {
    return {Theme::instance().px(120), Theme::instance().px(totalHeight)};
}

QRectF TimelineStrip::screen() const {
    const Theme& theme = Theme::instance();
    const int side = theme.px(sideMargin);
    return QRectF(side, theme.px(topMargin), width() - 2 * side, theme.px(screenHeight));
}

/// The axis ends at a half, a quarter ... of the run while the training is younger: so it keeps still most of the time.
std::int64_t TimelineStrip::lastVisibleStep() const {
    std::int64_t span = m_last - m_first;
    while (span > 200 && m_newest - m_first <= span / 2) span = (span + 1) / 2;
    return m_first + span;
}

double TimelineStrip::xOf(std::int64_t step) const {
    const QRectF rect = screen();
    return rect.left() + rect.width() * static_cast<double>(step - m_first) / static_cast<double>(lastVisibleStep() - m_first);
}

std::int64_t TimelineStrip::stepAt(double x) const {
    const QRectF rect = screen();
    const double share = std::clamp((x - rect.left()) / rect.width(), 0.0, 1.0);
    const auto step = static_cast<std::int64_t>(std::llround(share * static_cast<double>(lastVisibleStep() - m_first)));
    return std::min(m_first + step, m_newest);
}

/// A decade below the top at least, so that the noise of the first steps does not look like a landscape.
double TimelineStrip::bottomOfAxis() const {
    return std::min(m_lowest, m_highest - std::log(10.0));
}

std::vector<std::pair<double, double>> TimelineStrip::lossMarks() const {
    if (m_buckets.empty()) return {};
    const double bottom = bottomOfAxis();
    return {{std::exp(m_highest), yOf(m_highest)}, {std::exp(bottom), yOf(bottom)}};
}

void TimelineStrip::copy(const TimelineStrip& other) {
    m_buckets = other.m_buckets;
    m_perBucket = other.m_perBucket;
    m_validations = other.m_validations;
    m_kept = other.m_kept;
    m_pins = other.m_pins;
    m_best = other.m_best;
    m_fall = other.m_fall;
    m_first = other.m_first;
    m_last = other.m_last;
    m_newest = other.m_newest;
    m_shown = other.m_shown;
    m_lowest = other.m_lowest;
    m_highest = other.m_highest;
    update();
}

double TimelineStrip::yOf(double logLoss) const {
    const QRectF rect = screen();
    const double margin = Theme::instance().px(3);
    const double bottom = bottomOfAxis();
    const double share = std::clamp((m_highest - logLoss) / (m_highest - bottom), 0.0, 1.0);
    return rect.top() + margin + share * (rect.height() - 2 * margin);
}

void TimelineStrip::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    drawFrame(painter, screen(), 0, theme.color(Role::hairline), theme.color(Role::screen));
    paintCurve(painter);
    paintKept(painter);
    paintBest(painter);
    paintFall(painter);
    paintPins(painter);
    paintLabels(painter);
    paintPlayhead(painter);
}

/// One point for each two px: means of what lies there. More would cost time in every frame and show nothing more.
QPolygonF TimelineStrip::curve() const {
    const double column = Theme::instance().px(2);
    QPolygonF line;
    for (std::size_t i = 0; i < m_buckets.size();) {
        const double x = xOf(m_buckets[i].step);
        double sum = 0;
        int count = 0;
        for (; i < m_buckets.size() && (count == 0 || xOf(m_buckets[i].step) < x + column); ++i) {
            sum += m_buckets[i].sum;
            count += m_buckets[i].count;
        }
        line << QPointF(x, yOf(sum / count));
    }
    line << QPointF(xOf(m_newest), line.last().y());
    return line;
}

void TimelineStrip::paintCurve(QPainter& painter) const {
    if (m_buckets.empty()) return;
    const Theme& theme = Theme::instance();
    const QRectF rect = screen();
    const QPolygonF line = curve();

    painter.save();
    painter.setClipRect(rect);
    painter.setRenderHint(QPainter::Antialiasing);
    QPolygonF area = line;
    area << QPointF(line.last().x(), rect.bottom()) << QPointF(line.first().x(), rect.bottom());
    QColor fill = theme.color(Role::series1);
    fill.setAlphaF(fillOpacity);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawPolygon(area);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.color(Role::series1), 1.5 * theme.scale()));
    painter.drawPolyline(line);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(Role::series3));
    const double radius = 1.8 * theme.scale();
    double lastX = -radius * 3;
    for (const Validation& validation : m_validations) {
        const QPointF at(xOf(validation.step), yOf(validation.loss));
        if (at.x() - lastX < radius * 3) continue;
        lastX = at.x();
        painter.drawEllipse(at, radius, radius);
    }
    painter.restore();
}

void TimelineStrip::paintKept(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QRectF rect = screen();
    const double line = devicePixel(painter);
    double lastX = -1;
    for (const std::int64_t step : m_kept) {
        const double x = std::floor(xOf(step) / line) * line;
        if (x == lastX) continue;
        lastX = x;
        painter.fillRect(QRectF(x, rect.bottom() + 1, line, theme.px(keptTick)), theme.color(Role::muted));
    }
}

std::vector<std::int64_t> TimelineStrip::flags() const {
    std::vector<std::int64_t> flagged;
    const auto take = [this, &flagged](std::int64_t step) {
        const auto collides = [&](std::int64_t other) { return std::abs(xOf(other) - xOf(step)) < Theme::instance().px(flagDistance); };
        if (std::none_of(flagged.begin(), flagged.end(), collides)) flagged.push_back(step);
    };
    if (std::any_of(m_pins.begin(), m_pins.end(), [this](const Pin& pin) { return pin.step == m_shown; })) take(m_shown);
    for (const Pin& pin : m_pins) take(pin.step);
    std::sort(flagged.begin(), flagged.end());
    return flagged;
}

/// Flags on poles, of those that thinned out only the poles' tops; the names only where they have room before the next flag.
void TimelineStrip::paintPins(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QRectF rect = screen();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::text));
    const std::vector<std::int64_t> flagged = flags();
    for (const Pin& pin : m_pins) {
        const double x = xOf(pin.step);
        const auto after = std::upper_bound(flagged.begin(), flagged.end(), pin.step);
        const bool flies = after != flagged.begin() && *(after - 1) == pin.step;
        const double pole = flies ? rect.height() : 1.5 * theme.px(flagHeight);
        painter.fillRect(QRectF(x, rect.top(), devicePixel(painter), pole), theme.color(Role::text));
        if (!flies) continue;
        painter.fillRect(QRectF(x, rect.top(), theme.px(flagWidth), theme.px(flagHeight)), theme.color(Role::text));
        const double room = (after != flagged.end() ? xOf(*after) : rect.right()) - x;
        const double left = theme.px(flagWidth) + theme.px(4);
        if (textWidth(painter.font(), pin.name) + left > room) continue;
        painter.drawText(QRectF(x + left, rect.top(), room, theme.px(13)), Qt::AlignLeft | Qt::AlignVCenter, pin.name);
    }
}

/// A triangle that points down to the curve.
void TimelineStrip::paintFall(QPainter& painter) const {
    if (!m_fall || m_buckets.empty()) return;
    const Theme& theme = Theme::instance();
    const double s = theme.scale(), x = xOf(*m_fall);
    const auto after = std::upper_bound(m_buckets.begin() + 1, m_buckets.end(), *m_fall,
                                        [](std::int64_t step, const Bucket& bucket) { return step < bucket.step; });
    const Bucket& here = *(after - 1);
    const double tip = std::max(yOf(here.sum / here.count) - 3 * s, screen().top() + 7 * s);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.color(Role::screen), s));
    painter.setBrush(theme.color(Role::text));
    painter.drawPolygon(QPolygonF{QPointF(x - 5 * s, tip - 7 * s), QPointF(x + 5 * s, tip - 7 * s), QPointF(x, tip)});
    painter.restore();
}

/// A ring around the validation that is the lowest, so that it does not depend on a colour.
void TimelineStrip::paintBest(QPainter& painter) const {
    if (!m_best) return;
    const auto found = std::find_if(m_validations.begin(), m_validations.end(), [this](const Validation& v) { return v.step == *m_best; });
    if (found == m_validations.end()) return;
    const Theme& theme = Theme::instance();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.color(Role::text), 1.2 * theme.scale()));
    painter.drawEllipse(QPointF(xOf(found->step), yOf(found->loss)), 4 * theme.scale(), 4 * theme.scale());
    painter.restore();
}

void TimelineStrip::paintLabels(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QRectF rect = screen();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const std::int64_t end = lastVisibleStep();
    const std::int64_t distance = roundDistance(static_cast<double>(end - m_first) * theme.px(labelDistance) / rect.width());
    const double top = rect.bottom() + theme.px(keptTick) + 1;
    for (std::int64_t step = (m_first + distance - 1) / distance * distance; step <= end; step += distance) {
        const QString text = grouped(step);
        const double wide = textWidth(painter.font(), text);
        const double left = std::clamp(xOf(step) - wide / 2, 0.0, std::max(width() - wide, 0.0));
        painter.drawText(QRectF(left, top, wide, theme.px(14)), Qt::AlignCenter, text);
    }
}

void TimelineStrip::paintPlayhead(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QRectF rect = screen();
    const double x = xOf(m_shown);
    const double s = theme.scale();
    painter.fillRect(QRectF(x - s, rect.top() - 3 * s, 2 * s, rect.height() + 9 * s), theme.color(Role::accent));
    painter.setRenderHint(QPainter::Antialiasing);
    const double top = rect.top() - 5 * s;
    painter.setPen(QPen(theme.color(Role::fillBorder), 1));
    painter.setBrush(theme.color(Role::fill));
    painter.drawPolygon(QPolygonF{QPointF(x - 6 * s, top), QPointF(x + 6 * s, top), QPointF(x + 6 * s, top + 5 * s),
                                  QPointF(x, top + 11 * s), QPointF(x - 6 * s, top + 5 * s)});
    if (!hasFocus()) return;
    const QRectF flag(x - 6 * s, top, 12 * s, 11 * s);
    drawFrame(painter, flag.adjusted(-2 * s, 0, 2 * s, 2 * s), 2 * s, theme.color(Role::accent), Qt::transparent, 2 * s);
}

void TimelineStrip::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    m_dragging = true;
    QToolTip::hideText();  // it would cover what is scrubbed
    const Pin* pin = pinAt(event->position());
    emit stepRequested(pin ? pin->step : stepAt(event->position().x()));
}

void TimelineStrip::mouseDoubleClickEvent(QMouseEvent* event) {
    m_dragging = false;
    if (event->button() != Qt::LeftButton) return;
    if (const Pin* pin = pinAt(event->position()))
        namePin(*pin);
    else
        emit pinWanted();
}

/// The pin under the mouse, with some slop: of several the one whose pole is nearest.
const TimelineStrip::Pin* TimelineStrip::pinAt(const QPointF& place) const {
    const Theme& theme = Theme::instance();
    const QRectF rect = screen();
    if (place.y() < rect.top() - theme.px(2) || place.y() > rect.top() + theme.px(12)) return nullptr;
    const Pin* nearest = nullptr;
    for (const Pin& pin : m_pins) {
        if (place.x() < xOf(pin.step) - theme.px(2) || place.x() > xOf(pin.step) + theme.px(flagWidth + 2)) continue;
        if (!nearest || std::abs(xOf(pin.step) - place.x()) <= std::abs(xOf(nearest->step) - place.x())) nearest = &pin;
    }
    return nearest;
}

/// The others that one flag stands for.
QString TimelineStrip::pinsAround(const Pin& pin) const {
    QStringList names;
    for (const Pin& other : m_pins)
        if (other.step != pin.step && std::abs(xOf(other.step) - xOf(pin.step)) < Theme::instance().px(flagDistance))
            names << tr("%1 (step %2)").arg(other.name, grouped(other.step));
    return names.isEmpty() ? QString() : QLatin1Char('\n') + tr("Close by: %1").arg(names.join(QStringLiteral(", ")));
}

void TimelineStrip::editName(std::int64_t step) {
    const auto pin = std::find_if(m_pins.begin(), m_pins.end(), [step](const Pin& each) { return each.step == step; });
    if (pin != m_pins.end()) namePin(*pin);
}

void TimelineStrip::namePin(const Pin& pin) {
    const Theme& theme = Theme::instance();
    const int wide = theme.px(nameWidth);
    m_named = pin.step;
    m_name->setText(pin.name);
    m_name->selectAll();
    m_name->setGeometry(std::clamp(qRound(xOf(pin.step)), 0, std::max(width() - wide, 0)), theme.px(topMargin), wide,
                        theme.px(screenHeight) - theme.px(4));
    m_name->show();
    m_name->setFocus();
}

void TimelineStrip::mouseMoveEvent(QMouseEvent* event) {
    if (m_dragging) emit stepRequested(stepAt(event->position().x()));
}

void TimelineStrip::mouseReleaseEvent(QMouseEvent*) {
    m_dragging = false;
}

/// The kept step `keptSteps` further from the one shown.
void TimelineStrip::moveBy(int keptSteps) {
    if (m_kept.empty()) return;
    const auto after = std::upper_bound(m_kept.begin(), m_kept.end(), m_shown);
    const auto here = std::max<std::ptrdiff_t>(after - m_kept.begin() - 1, 0);
    const bool between = m_kept[static_cast<std::size_t>(here)] != m_shown;
    const auto wanted = here + keptSteps + (between && keptSteps < 0 ? 1 : 0);
    const auto last = static_cast<std::ptrdiff_t>(m_kept.size()) - 1;
    emit stepRequested(m_kept[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(wanted, 0, last))]);
}

void TimelineStrip::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && m_name->isVisible()) {
        m_name->setVisible(false);
        return setFocus();
    }
    const int stride = event->modifiers().testFlag(Qt::ShiftModifier) ? 10 : 1;
    switch (event->key()) {
        case Qt::Key_Left:
            return moveBy(-stride);
        case Qt::Key_Right:
            return moveBy(stride);
        case Qt::Key_Home:
            emit stepRequested(m_first);
            return;
        case Qt::Key_End:
            emit stepRequested(m_newest);
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

QString TimelineStrip::toolTipAt(const QPointF& place) const {
    if (const Pin* pin = pinAt(place))
        return tr("%1: step %2.\nClick to look at it, double-click to name it; an empty name removes it.")
                   .arg(pin->name, grouped(pin->step)) +
               pinsAround(*pin);
    QString text = tr("Step %1: click or drag to look at it.\nLeft and Right go from kept step to kept step (Shift: ten), Home and End to "
                      "the ends; P or a double click pins, Shift+P names the pin, F follows the training again.")
                       .arg(grouped(stepAt(place.x())));
    if (m_best) text += QLatin1Char('\n') + tr("The ring marks step %1, of the lowest validation loss.").arg(grouped(*m_best));
    if (m_fall) text += QLatin1Char('\n') + m_fallMeaning;
    return text;
}

bool TimelineStrip::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (!m_dragging) QToolTip::showText(help->globalPos(), toolTipAt(help->pos()), this);
        return true;
    }
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) update();
    return QWidget::event(event);
}

}  // namespace lab
