#include "ui/pages/explain/answer_throw.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/scenes/run_style.h"
#include "ui/text/language.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int throwHeight = 64;
constexpr int throwMargin = 16;
constexpr int throwTitle = 18;
constexpr int throwBar = 18;
constexpr int throwKnob = 10;
constexpr int throwSteps = 500;   ///< to either side
constexpr int throwNumbers = 65;  ///< answers of numbers, from end to end

/// The same question, whatever the score in hand is.
bool asksTheSame(const explain::ScoreThrow& one, const explain::ScoreThrow& other) {
    const auto without = [](const explain::ScoreThrow& scores) {
        return explain::withNumber(scores.input, scores.tensor, scores.values, scores.place, 0.0F);
    };
    return one.place == other.place && one.position == other.position && one.reach == other.reach && one.tensor == other.tensor &&
           without(one) == without(other);
}

bool ofTheSameScore(const explain::ScoreThrow& one, const explain::ScoreThrow& other) {
    return one.tensor == other.tensor && one.place == other.place && one.position == other.position &&
           one.input.tokens == other.input.tokens && one.input.targetTokens == other.input.targetTokens;
}

/// The lowest and the highest number that is answered.
std::pair<double, double> rangeOf(const std::vector<explain::ThrowAnswer>& answers) {
    std::pair range{answers.front().numbers.front(), answers.front().numbers.front()};
    for (const explain::ThrowAnswer& answer : answers)
        for (const double number : answer.numbers) range = {std::min(range.first, number), std::max(range.second, number)};
    return range;
}

}  // namespace

AnswerThrow::AnswerThrow(QWidget* parent) : QAbstractSlider(parent) {
    setOrientation(Qt::Horizontal);
    setRange(-throwSteps, throwSteps);
    setPageStep(throwSteps / 10);
    setSingleStep(throwSteps / 100);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setToolTip(tr("Where on the way of this score the model\u2019s answer changes; drag, or Left and Right"));
}

void AnswerThrow::show(std::shared_ptr<const Model> model, const CheckpointPtr& checkpoint, Shown shown) {
    const bool same = m_model == model && ofTheSameScore(m_shown.scores, shown.scores);
    if (m_dragging && same) shown.value = m_shown.value;  // the hand is ahead of the model
    m_shown = std::move(shown);
    m_model = std::move(model);
    m_checkpoint = checkpoint;
    m_setting = true;
    setValue(static_cast<int>(std::lround(std::clamp(m_shown.value / m_shown.scores.reach, -1.0, 1.0) * throwSteps)));
    m_setting = false;
    if (!same) {
        m_stretches.clear();
        m_numbers.clear();
    }
    describe();
    update();
    // While a training runs ahead, what is being computed is finished first.
    const bool waits = same && m_computedAt != m_checkpoint && m_task.busy();
    if (!waits && !isComputed()) compute();
}

bool AnswerThrow::isComputed() const {
    return m_computedAt == m_checkpoint && asksTheSame(m_computed, m_shown.scores);
}

void AnswerThrow::compute() {
    m_computedAt = m_checkpoint;
    m_computed = m_shown.scores;
    m_task.request([this, model = m_model, checkpoint = m_checkpoint, scores = m_computed,
                    ofNumbers = m_shown.ofNumbers](const LatestTask::Wanted& wanted) -> LatestTask::Found {
        const auto cancelled = [&] { return !wanted(); };
        std::vector<explain::ThrowStretch> stretches;
        std::vector<explain::ThrowAnswer> numbers;
        if (ofNumbers)
            numbers = explain::numbersAlong(*model, checkpoint->weights, scores, throwNumbers, cancelled);
        else
            stretches = explain::answersAlong(*model, checkpoint->weights, scores, cancelled);
        return [this, stretches, numbers] {
            m_stretches = stretches;
            m_numbers = numbers;
            describe();
            update();
            emit found();
            if (!isComputed()) compute();
        };
    });
}

QString AnswerThrow::answerText(int answer) const {
    return quoted(m_shown.answers.value(answer, QString::number(answer)));
}

void AnswerThrow::describe() {
    setAccessibleName(plainFormula(tr("Answer along the fader of %1").arg(m_shown.name)));
    if (!m_numbers.empty()) {
        const auto [low, high] = rangeOf(m_numbers);
        setAccessibleDescription(tr("%1; answers from %2 to %3").arg(fixed(m_shown.value, 2), fixed(low, 2), fixed(high, 2)));
        return;
    }
    QStringList said;
    for (const explain::ThrowStretch& one : m_stretches)
        said << (&one == &m_stretches.front() ? answerText(one.answer)
                                              : tr("from %1 on %2").arg(fixed(one.from, 2), answerText(one.answer)));
    setAccessibleDescription(tr("%1; answers: %2").arg(fixed(m_shown.value, 2), said.join(QStringLiteral(", "))));
}

QSize AnswerThrow::sizeHint() const {
    return {Theme::instance().px(260), Theme::instance().px(throwHeight)};
}

QRectF AnswerThrow::axis() const {
    const Theme& theme = Theme::instance();
    return {static_cast<double>(theme.px(throwMargin)), static_cast<double>(theme.px(throwTitle + 4)),
            static_cast<double>(width() - 2 * theme.px(throwMargin)), static_cast<double>(theme.px(throwBar))};
}

double AnswerThrow::xOf(double value) const {
    const QRectF bar = axis();
    return bar.left() + bar.width() * (std::clamp(value / m_shown.scores.reach, -1.0, 1.0) + 1.0) / 2.0;
}

QString AnswerThrow::title() const {
    const auto filled = [this](const QString& text) { return text.arg(m_shown.scores.position).arg(m_shown.name); };
    if (!m_numbers.empty()) {
        const auto [low, high] = rangeOf(m_numbers);
        return filled(tr("Answer at position %1 along the fader of %2: from %3 to %4")).arg(fixed(low, 2), fixed(high, 2));
    }
    return filled(m_stretches.size() == 1 ? tr("Answer at position %1 along the fader of %2: the same wherever it was tried")
                                          : tr("Answer at position %1 along the fader of %2"));
}

void AnswerThrow::paintEvent(QPaintEvent*) {
    if (m_shown.scores.reach <= 0.0) return;
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), theme.color(Role::screen));
    const QRectF bar = axis();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    drawFormula(painter, QRectF(bar.left(), theme.px(2), bar.width(), theme.px(throwTitle)), Qt::AlignLeft,
                elidedFormula(painter.font(), title(), bar.width()));
    const auto number = [&](double value, Qt::Alignment side) {
        painter.drawText(QRectF(bar.left(), bar.bottom() + theme.px(4), bar.width(), theme.px(16)), side | Qt::AlignVCenter,
                         fixed(value, 1));
    };
    number(-m_shown.scores.reach, Qt::AlignLeft);
    number(m_shown.scores.reach, Qt::AlignRight);
    if (m_stretches.empty()) drawFrame(painter, bar, 0, theme.color(Role::controlBorder), theme.color(Role::control));
    if (m_numbers.empty())
        paintStretches(painter);
    else
        paintNumbers(painter);
    paintCap(painter);
}

/// A field a stretch, with the answer it has.
void AnswerThrow::paintStretches(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QRectF bar = axis();
    const double below = bar.bottom() + theme.px(4);
    double taken = bar.left() + textWidth(painter.font(), fixed(-m_shown.scores.reach, 1)) + theme.px(6);
    const double end = bar.right() - textWidth(painter.font(), fixed(m_shown.scores.reach, 1)) - theme.px(6);
    for (std::size_t i = 0; i < m_stretches.size(); ++i) {
        const explain::ThrowStretch& one = m_stretches[i];
        const QRectF stretch(xOf(one.from), bar.top(), xOf(one.to) - xOf(one.from), bar.height());
        const bool here = m_shown.value >= one.from && (m_shown.value < one.to || i + 1 == m_stretches.size());
        drawFrame(painter, stretch, 0, theme.color(Role::controlBorder), theme.color(here ? Role::selection : Role::control));
        painter.setFont(theme.font(TextSize::text, here));
        painter.setPen(theme.color(here ? Role::text : Role::muted));
        drawElided(painter, stretch.adjusted(2, 0, -2, 0), Qt::AlignHCenter, answerText(one.answer));
        if (i == 0) continue;
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::text));
        const QString text = fixed(one.from, 2);
        const double wide = textWidth(painter.font(), text), left = stretch.left() - wide / 2;
        if (left < taken || left + wide > end) continue;
        painter.drawText(QRectF(left - 2, below, wide + 4, theme.px(16)), Qt::AlignCenter, text);
        taken = left + wide + theme.px(6);
    }
}

/// A line an output, between the lowest and the highest number of all.
void AnswerThrow::paintNumbers(QPainter& painter) const {
    const QRectF inside = axis().adjusted(0, 2, 0, -2);
    const auto [low, high] = rangeOf(m_numbers);
    const double range = std::max(high - low, 1e-9);
    for (std::size_t output = 0; output < m_numbers.front().numbers.size(); ++output) {
        QPolygonF line;
        for (const explain::ThrowAnswer& answer : m_numbers)
            line << QPointF(xOf(answer.value), inside.bottom() - inside.height() * (answer.numbers[output] - low) / range);
        painter.setPen(QPen(Theme::instance().color(seriesRole(static_cast<int>(output))), 1.5 * Theme::instance().scale()));
        painter.drawPolyline(line);
    }
}

/// Where the score stands.
void AnswerThrow::paintCap(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QRectF bar = axis();
    const double x = xOf(m_shown.value), half = theme.px(throwKnob) / 2.0;
    drawFrame(painter, QRectF(x - half, bar.top() - theme.px(3), 2 * half, bar.height() + theme.px(6)), 2, theme.color(Role::fillBorder),
              Qt::transparent, 2.0 * theme.scale());
    painter.setPen(QPen(theme.color(Role::fill), 2.0 * theme.scale()));
    painter.drawLine(QPointF(x, bar.top() - theme.px(1)), QPointF(x, bar.bottom() + theme.px(1)));
}

void AnswerThrow::sliderChange(SliderChange change) {
    QAbstractSlider::sliderChange(change);
    if (change != SliderValueChange || m_setting) return;
    m_shown.value = m_shown.scores.reach * value() / throwSteps;
    update();
    emit moved(m_shown.value, m_dragging && std::exchange(m_goesOn, true));
}

void AnswerThrow::chooseAt(double x) {
    const QRectF bar = axis();
    setValue(static_cast<int>(std::lround((2.0 * std::clamp((x - bar.left()) / bar.width(), 0.0, 1.0) - 1.0) * throwSteps)));
}

void AnswerThrow::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    m_dragging = true;
    m_goesOn = false;
    chooseAt(event->position().x());
}

void AnswerThrow::mouseMoveEvent(QMouseEvent* event) {
    if (m_dragging && event->buttons().testFlag(Qt::LeftButton)) chooseAt(event->position().x());
}

void AnswerThrow::mouseReleaseEvent(QMouseEvent*) {
    m_dragging = false;
}

}  // namespace lab
