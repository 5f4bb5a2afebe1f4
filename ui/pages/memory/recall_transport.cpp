#include "ui/pages/memory/recall_transport.h"

#include <QHBoxLayout>
#include <algorithm>

#include "ui/pages/memory/recall_clock.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/meter.h"
#include "ui/widgets/named.h"
#include "ui/widgets/pace_slider.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int blockHeight = 40;
const QString nothing = QStringLiteral("\u2014");

Button* blockButton(const QString& text, Glyph glyph, const QString& keycap, bool last) {
    auto* button = new Button(text);
    button->setGlyph(glyph);
    button->setKeycap(keycap);
    button->setHeight(blockHeight);
    button->setJoined(true, !last);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

QString endingWord(const RecallStudy& study) {
    switch (study.recall.ending) {
        case RecallEnding::settled:
            return RecallTransport::tr("settled");
        case RecallEnding::twoCycle:
            return RecallTransport::tr("2-cycle");
        case RecallEnding::givenUp:
            return RecallTransport::tr("given up");
    }
    return {};
}

}  // namespace

RecallTransport::RecallTransport(RecallClock& clock, QWidget* parent) : QWidget(parent), m_clock(clock) {
    makeButtons();
    makeMeters();
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* block = new QHBoxLayout;
    block->setSpacing(0);
    for (QWidget* button : std::initializer_list<QWidget*>{m_recall, m_step, m_reset}) block->addWidget(button);
    auto* meters = new QHBoxLayout;
    meters->setSpacing(0);
    for (Meter* meter : {m_update, m_energy, m_wrong, m_overlap, m_ending}) meters->addWidget(meter);
    layout->addLayout(block);
    layout->addWidget(m_pace);
    layout->addLayout(meters);
    layout->addStretch();
    layout->setSizeConstraint(QLayout::SetNoConstraint);  // meters give way instead
    connect(&m_clock, &RecallClock::changed, this, &RecallTransport::showState);
    followTheme(this, &RecallTransport::applyMeasures);
    showState();
}

void RecallTransport::makeButtons() {
    m_recall = named("memory.transport.recall", new PrimaryButton(tr("Recall")));
    m_recall->setGlyph(Glyph::play);
    m_recall->setKeycap(tr("Space"));
    m_recall->setWidthFor({tr("Recall"), tr("Pause")});
    m_recall->setJoined(false, true);
    m_recall->setFocusPolicy(Qt::TabFocus);
    m_step = named("memory.transport.step", blockButton(tr("Step"), Glyph::step, QStringLiteral("."), false));
    m_step->setToolTip(tr("One update: a single pixel is visited, or all at once (.)"));
    m_reset = named("memory.transport.reset", blockButton(tr("Reset"), Glyph::reset, {}, true));
    m_reset->setToolTip(tr("Back to the query (Ctrl+R)"));
    m_pace = named("memory.transport.pace", new PaceSlider);
    m_pace->setPace(m_clock.pace());
    m_pace->setAccessibleName(tr("Updates a second"));
    connect(m_recall, &QAbstractButton::clicked, &m_clock, &RecallClock::toggle);
    connect(m_step, &QAbstractButton::clicked, &m_clock, &RecallClock::step);
    connect(m_reset, &QAbstractButton::clicked, &m_clock, &RecallClock::reset);
    connect(m_pace, &PaceSlider::paceChosen, &m_clock, &RecallClock::setPace);
}

void RecallTransport::makeMeters() {
    m_update = new Meter(tr("Update"));
    m_update->setToolTip(tr("Pixels visited so far, or, all at once, how often all were updated"));
    m_energy = new Meter(tr("Energy"));
    m_energy->setWidest(fixed(-8888.8, 1));
    m_energy->setToolTip(tr("E = \u2212\u00BD s\u1D40 W s (Hopfield 1982)"));
    m_wrong = new Meter(tr("Wrong pixels"));
    m_overlap = new Meter(tr("Overlap"));
    m_overlap->setWidest(fixed(-0.88, 2));
    m_overlap->setToolTip(tr("m = (1/N) \u03A3 x\u1D62 s\u1D62 of the state with the pattern that was asked for"));
    m_ending = new Meter(tr("State"));
    m_ending->setWidest(tr("recalling"));
    m_ending->setToolTip(tr("Settled: no pixel wants to flip. 2-cycle: two states take turns, all pixels at once."));
}

void RecallTransport::setStudy(RecallStudyPtr study) {
    m_study = std::move(study);
    showState();
}

void RecallTransport::showState() {
    const bool stored = m_study != nullptr;
    for (QWidget* widget : std::initializer_list<QWidget*>{m_recall, m_step, m_reset, m_pace}) widget->setEnabled(stored);
    const bool playing = m_clock.playing();
    m_recall->setText(playing ? tr("Pause") : tr("Recall"));
    m_recall->setGlyph(playing ? Glyph::pause : Glyph::play);
    m_recall->setToolTip(!stored   ? tr("Add a pattern first")
                         : playing ? tr("Pause the recall (Space)")
                                   : tr("Let the net remember: every pixel follows its field until none wants to flip (Space)"));
    if (!stored) {
        for (Meter* meter : {m_update, m_energy, m_wrong, m_overlap, m_ending}) meter->setValue(nothing);
        return m_update->setProgress(std::nullopt);
    }
    const int shown = std::clamp(m_clock.shown(), 0, m_study->updates()), last = m_study->updates();
    const QString total = QStringLiteral("/ ") + grouped(last), pixels = QStringLiteral("/ ") + grouped(m_study->net->units());
    m_step->setEnabled(shown < last);
    m_update->setWidest(grouped(last), total);
    m_update->setValue(grouped(shown), total);
    m_update->setProgress(last > 0 ? static_cast<double>(shown) / last : 1.0);
    m_energy->setValue(fixed(m_study->recall.energies[static_cast<std::size_t>(shown)], 1));
    m_wrong->setWidest(grouped(m_study->net->units()), pixels);
    m_wrong->setValue(grouped(m_study->wrongAfter(shown)), pixels);
    m_overlap->setValue(fixed(m_study->overlapAfter(shown), 2));
    m_ending->setValue(shown >= last ? endingWord(*m_study) : playing ? tr("recalling") : shown == 0 ? tr("query") : tr("paused"));
}

std::vector<QWidget*> RecallTransport::droppable() const {
    return {m_overlap, m_energy, m_ending, m_pace, m_wrong};
}

QSize RecallTransport::minimumSizeHint() const {
    int width = 0;
    for (const QWidget* widget : std::initializer_list<const QWidget*>{m_recall, m_step, m_reset, m_update})
        width += widget->sizeHint().width();
    return {width + layout()->spacing() * 2, Theme::instance().px(blockHeight)};
}

void RecallTransport::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    dropMeters();
}

/// What gives way when room is scarce, first to last; the update and the buttons stay.
void RecallTransport::dropMeters() {
    int room = width() - minimumSizeHint().width();
    const auto roomOf = [this](const QWidget* widget) { return widget->sizeHint().width() + (widget == m_pace ? layout()->spacing() : 0); };
    for (const QWidget* widget : droppable()) room -= roomOf(widget);
    for (QWidget* widget : droppable()) {
        const bool fits = room >= 0;
        if (!fits) room += roomOf(widget);
        if (widget->isHidden() == fits) widget->setVisible(fits);
    }
}

void RecallTransport::applyMeasures() {
    layout()->setSpacing(Theme::instance().px(panelGap));
    dropMeters();
}

}  // namespace lab
