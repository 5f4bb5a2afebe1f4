#include "ui/pages/train/train_verdict.h"

#include <QVBoxLayout>

#include "core/config/experiment.h"
#include "core/data/counting.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

QString lossOf(const Run& run, double nats) {
    const LossUnit unit = lossUnitOf(*run.dataset());
    return unit.bitsPerByte ? shown(lossText(nats, unit)) : fixed(nats, 4);
}

}  // namespace

TrainVerdict::TrainVerdict(QWidget* parent)
    : QWidget(parent),
      m_course(new ThemedLabel({}, TextSize::text, Role::wrong)),
      m_counting(new ThemedLabel({}, TextSize::text, Role::muted)),
      m_lines(new QVBoxLayout(this)) {
    m_counting->setToolTip(
        tr("Counting: how often each token follows the up to four before it in the training text, interpolated (Witten and Bell 1991, "
           "method C). Both losses are means over the same tokens of the validation text."));
    for (ThemedLabel* label : {m_course, m_counting}) {
        label->setWordWrap(true);
        m_lines->addWidget(label);
        label->hide();
    }
    followTheme(this, &TrainVerdict::applyMeasures);
    hide();
}

void TrainVerdict::applyMeasures() {
    const Theme& theme = Theme::instance();
    m_lines->setContentsMargins(0, 0, 0, theme.px(6));
    m_lines->setSpacing(theme.px(2));
}

void TrainVerdict::setRun(Run* run) {
    if (run == m_run) return;
    disconnect(m_resetConnection);
    m_run = run;
    restart();
    if (run) m_resetConnection = connect(run, &Run::wasReset, this, &TrainVerdict::restart);
}

void TrainVerdict::restart() {
    m_validations.clear();
    m_taken = 0;
}

void TrainVerdict::follow(std::int64_t step) {
    if (m_run)
        for (const auto& records = m_run->records(); m_taken < records.size(); ++m_taken) m_validations.take(records[m_taken]);
    const QString rise = m_run ? courseAt(step) : QString();
    m_course->setRole(rise.isEmpty() ? Role::text : Role::wrong);
    say(*m_course, m_run ? sentences({rise, endAt(step)}) : QString());
    showCounting(step);
    setVisible(!course().isEmpty() || !counting().isEmpty());
}

QString TrainVerdict::courseAt(std::int64_t step) const {
    const ValidationState state = m_validations.at(step);
    if (!state.rises()) return {};
    const QString what =
        state.overfits() ? tr("Validation rises: overfitting.") : tr("Validation rises, and the training loss does not fall.");
    const QString lowest = tr("Its lowest loss, %1, was at step %2; the last %3 validations are above it.")
                               .arg(lossOf(*m_run, state.best.loss), grouped(state.best.step))
                               .arg(state.above);
    const bool kept = m_run->history().bestStep() == state.best.step;
    return sentences({what, lowest, kept ? tr("The weights of that step are kept: 'best' on the timeline.") : QString()});
}

/// At the step where it ended.
QString TrainVerdict::endAt(std::int64_t step) const {
    if (!m_run->stoppedEarly() || step < m_run->step()) return {};
    const BestValidation best = m_run->bestUpTo(step);
    return tr("The training ended by itself before its last step, %1: %2 validations brought no lower loss than step %3 "
              "(training.early_stop).")
        .arg(grouped(m_run->experiment().training.steps))
        .arg(best.since)
        .arg(grouped(best.step));
}

void TrainVerdict::showCounting(std::int64_t step) {
    const CountingBaselines* counted = m_run ? m_run->counting() : nullptr;
    const std::optional<double> nats = counted ? m_validations.at(step).last : std::nullopt;
    if (!nats) return say(*m_counting, {});
    m_counting->setRole(isBetterThanCounting(*nats, *counted) ? Role::right : Role::muted);
    say(*m_counting, shown(countingSentence(*nats, *counted, lossUnitOf(*m_run->dataset()))));
}

void TrainVerdict::say(ThemedLabel& label, const QString& text) {
    if (label.text() != text) label.setText(text);
    label.setVisible(!text.isEmpty());
}

QString TrainVerdict::course() const {
    return m_course->text();
}

QString TrainVerdict::counting() const {
    return m_counting->text();
}

}  // namespace lab
