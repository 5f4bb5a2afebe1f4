#include "ui/window/transport_bar.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QTimer>
#include <cmath>

#include "core/config/experiment.h"
#include "core/data/dataset.h"
#include "core/data/loss_unit.h"
#include "ui/scenes/measure_words.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/meter.h"
#include "ui/widgets/named.h"
#include "ui/widgets/pace_slider.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/taken.h"
#include "ui/widgets/theme.h"
#include "ui/window/actions.h"
#include "ui/window/preset_button.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int transportBarBarHeight = 56;
constexpr int blockHeight = 40;
constexpr int transportBarGap = 8;

const QString nothing = QStringLiteral("\u2014");

QString lossText(double loss) {
    if (loss >= 1e4) return scientific(loss, 2);
    return loss < 0.001 ? scientific(loss, 0) : fixed(loss, loss < 10 ? 3 : loss < 100 ? 2 : loss < 1000 ? 1 : 0);
}
QString meterPercent(double fraction) {
    return fixed(100 * fraction, 1);
}

/// The record of a step, null before the first one.
const StepRecord* recordOf(const Run& run, std::int64_t step) {
    const auto& records = run.records();
    if (records.empty() || step < records.front().step) return nullptr;
    const auto index = static_cast<std::size_t>(step - records.front().step);
    return &records[std::min(index, records.size() - 1)];
}

/// The newest validation not after a record.
const Evaluation* validationUpTo(const Run& run, const StepRecord& last) {
    for (const StepRecord* record = &last;; --record) {
        if (record->validation) return &*record->validation;
        if (record == run.records().data()) return nullptr;
    }
}

Button* blockButton(const QString& text, Glyph glyph, const QString& keycap, bool last) {
    auto* button = new Button(text);
    button->setGlyph(glyph);
    button->setKeycap(keycap);
    button->setHeight(blockHeight);
    button->setJoined(true, !last);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

}  // namespace

TransportBar::TransportBar(Focus& focus, const Actions& actions, QWidget* parent) : QWidget(parent), m_focus(focus) {
    setAttribute(Qt::WA_OpaquePaintEvent);
    makeButtons(actions);
    makeMeters();

    auto* block = new QHBoxLayout;
    block->setSpacing(0);
    for (QWidget* button : std::initializer_list<QWidget*>{m_train, m_step, m_reset}) block->addWidget(button);
    auto* meters = new QHBoxLayout;
    meters->setSpacing(0);
    for (Meter* meter : {m_stepMeter, m_loss, m_accuracy, m_whole, m_tokens, m_left}) meters->addWidget(meter);

    auto* layout = new QHBoxLayout(this);
    layout->addWidget(m_menuButton);
    layout->addWidget(m_preset);
    layout->addLayout(block);
    layout->addWidget(m_pace);
    layout->addLayout(meters);
    layout->addStretch();
    layout->addWidget(m_monitor);
    layout->setSizeConstraint(QLayout::SetNoConstraint);  // meters give way instead
    for (int i = 0; i < layout->count(); ++i) layout->setAlignment(layout->itemAt(i)->widget(), Qt::AlignVCenter);

    connect(&m_focus, &Focus::runChanged, this, &TransportBar::watchRun);
    connect(&m_focus, &Focus::stepChanged, this, &TransportBar::scheduleShow);
    followTheme(this, &TransportBar::applyMeasures);
    watchRun();
}

void TransportBar::makeButtons(const Actions& actions) {
    m_menu = new QMenu(this);
    m_menuButton = named("window.transport.menu", new Button(Glyph::menu, tr("Menu")));
    m_menuButton->setFlatLook(true);
    m_menuButton->setGlyphSize(18);
    m_menuButton->setHeight(blockHeight);
    m_menuButton->setFocusPolicy(Qt::TabFocus);
    connect(m_menuButton, &QAbstractButton::clicked, this,
            [this] { m_menu->popup(m_menuButton->mapToGlobal(QPoint(0, m_menuButton->height()))); });
    m_preset = named("window.transport.preset", new PresetButton);

    m_train = named("window.transport.train", new PrimaryButton(tr("Train")));
    m_train->setGlyph(Glyph::play);
    m_train->setKeycap(tr("Space"));
    m_train->setWidthFor({tr("Train"), tr("Pause")});
    m_train->setJoined(false, true);
    m_train->setFocusPolicy(Qt::TabFocus);
    m_step = named("window.transport.step", blockButton(tr("Step"), Glyph::step, QStringLiteral("."), false));
    m_reset = named("window.transport.reset", blockButton(tr("Reset"), Glyph::reset, {}, true));
    m_reset->setToolTip(tr("Back to the same initial weights (Ctrl+R); a trained run stays, Ctrl+Z brings it back"));
    m_pace = named("window.transport.pace", new PaceSlider);
    m_monitor = named("window.transport.size",
                      new Button(Glyph::monitor, tr("Size of everything: 100, 125, 150, 200 % (Ctrl and +, Ctrl and \u2212)")));
    m_monitor->setFlatLook(true);
    m_monitor->setGlyphSize(17);
    m_monitor->setHeight(28);
    m_monitor->setFocusPolicy(Qt::TabFocus);

    const std::pair<QAbstractButton*, const char*> does[] = {
        {m_train, "train.toggle"}, {m_step, "train.step"}, {m_reset, "train.reset"}, {m_monitor, "view.cycle"}};
    for (const auto& [button, action] : does) {
        button->setProperty(actionProperty, QString::fromLatin1(action));
        connect(button, &QAbstractButton::clicked, actions.find(QString::fromLatin1(action)), &QAction::trigger);
    }
    connect(m_pace, &PaceSlider::paceChosen, this, [this](double pace) {
        if (m_focus.run()) m_focus.run()->setPace(pace);
    });
}

void TransportBar::makeMeters() {
    const QString percentUnit = QStringLiteral("%");
    m_stepMeter = new Meter(tr("Step"));
    m_loss = named("window.transport.loss", new Meter(tr("Loss")));
    m_loss->setWidest(lossText(8.88e8));
    m_accuracy = named("window.transport.accuracy", new Meter(tr("Validation")));
    m_accuracy->setWidest(QStringLiteral("100.0"), percentUnit);
    m_whole = named("window.transport.whole", new Meter(tr("Whole seq.")));
    m_whole->setWidest(QStringLiteral("100.0"), percentUnit);
    m_tokens = named("window.transport.tokens", new Meter(tr("Tokens/s")));
    m_tokens->setWidest(compact(8.88e6));
    m_tokens->setToolTip(tr("Tokens trained on in a second of computing"));
    m_left = named("window.transport.left", new Meter(tr("Left")));
    m_left->setWidest(tr("paused"));
    m_left->setToolTip(tr("Time left at the present speed"));
}

void TransportBar::addTool(QWidget* tool) {
    auto* row = static_cast<QHBoxLayout*>(layout());
    row->insertWidget(row->indexOf(m_monitor), tool, 0, Qt::AlignVCenter);
}

/// All that speaks of the training.
std::vector<QWidget*> TransportBar::ownParts() const {
    return {m_train, m_step, m_reset, m_pace, m_stepMeter, m_loss, m_accuracy, m_whole, m_tokens, m_left};
}

void TransportBar::setOwn(QWidget* own) {
    if (own == m_own) return;
    auto* row = static_cast<QHBoxLayout*>(layout());
    if (m_own) {
        m_own->hide();
        row->removeWidget(m_own);
    }
    m_own = own;
    for (QWidget* part : ownParts()) setShown(*part, !own);
    if (own) {
        row->insertWidget(row->indexOf(m_preset) + 1, own, 1);
        own->show();
    }
    dropMeters();
}

void TransportBar::applyMeasures() {
    const Theme& theme = Theme::instance();
    setFixedHeight(theme.px(transportBarBarHeight));
    m_menuButton->setFixedWidth(theme.px(48));
    layout()->setContentsMargins(theme.px(12), 0, theme.px(12), 1);
    layout()->setSpacing(theme.px(transportBarGap));
    dropMeters();
    update();
}

/// What gives way when room is scarce, first to last. The step and the buttons always stay.
std::vector<QWidget*> TransportBar::droppable() const {
    std::vector<QWidget*> parts{m_whole, m_tokens, m_left, m_accuracy, m_pace, m_loss};
    if (!m_judgesWhole) parts.erase(parts.begin());
    std::erase_if(parts, [](const QWidget* part) { return isTaken(*part); });
    return parts;
}

int TransportBar::roomOf(const QWidget* widget) const {
    return widget->sizeHint().width() + (widget == m_pace ? layout()->spacing() : 0);
}

QSize TransportBar::minimumSizeHint() const {
    if (m_own) {
        int width = layout()->contentsMargins().left() + layout()->contentsMargins().right();
        for (int i = 0; i < layout()->count(); ++i) {
            const QWidget* widget = layout()->itemAt(i)->widget();
            if (widget && !widget->isHidden())
                width += layout()->spacing() + (widget == m_own ? widget->minimumSizeHint() : widget->sizeHint()).width();
        }
        return {width, Theme::instance().px(transportBarBarHeight)};
    }
    int width = layout()->sizeHint().width();
    for (const QWidget* widget : droppable())
        if (!widget->isHidden()) width -= roomOf(widget);
    return {width, Theme::instance().px(transportBarBarHeight)};
}

void TransportBar::resizeEvent(QResizeEvent*) {
    dropMeters();
}

bool TransportBar::event(QEvent* event) {
    const bool result = QWidget::event(event);
    if (event->type() == takenEvent()) joinButtons();
    if (event->type() == QEvent::LayoutRequest || event->type() == takenEvent()) dropMeters();
    return result;
}

/// What is left of the block is round at its ends.
void TransportBar::joinButtons() {
    m_train->setJoined(false, !isTaken(*m_step));
    m_step->setJoined(!isTaken(*m_train), true);
}

void TransportBar::dropMeters() {
    if (m_own) return;
    if (!m_judgesWhole) m_whole->hide();
    int room = width() - minimumSizeHint().width();
    for (const QWidget* widget : droppable()) room -= roomOf(widget);
    for (QWidget* widget : droppable()) {
        const bool fits = room >= 0;
        if (!fits) room += roomOf(widget);
        if (widget->isHidden() == fits) widget->setVisible(fits);
    }
}

void TransportBar::watchRun() {
    for (const auto& connection : m_connections) disconnect(connection);
    m_connections.clear();
    const Run* run = m_focus.run();
    if (run) {
        const QString total = grouped(run->experiment().training.steps);
        m_stepMeter->setWidest(total, QStringLiteral("/ ") + total);
        const bool validates = run->dataset()->validationSize() > 0;
        const ModelConfig& model = run->experiment().model;
        m_accuracy->setLabel(validates && !model.answersNumbers() ? tr("Validation") : measureTitle(measureOf(model)));
        const QString of = validates ? tr("of the validation samples") : tr("of the step's batch");
        m_accuracy->setToolTip(measureHelp(model).arg(of));
        m_loss->setToolTip(lossHelp(model));
        m_tokens->setLabel(model.readsVectors() ? tr("Vectors/s") : tr("Tokens/s"));
        m_judgesWhole = judgesSequences(model);
        m_whole->setToolTip(tr("Share of sequences with every position right, %1").arg(of));
        m_connections = {connect(run, &Run::metricsExtended, this, &TransportBar::scheduleShow),
                         connect(run, &Run::stateChanged, this, &TransportBar::scheduleShow),
                         connect(run, &Run::wasReset, this, &TransportBar::scheduleShow)};
    }
    scheduleShow();
}

/// Several signals of one emptying of the mailbox make one update.
void TransportBar::scheduleShow() {
    if (m_showDue) return;
    m_showDue = true;
    QTimer::singleShot(0, this, [this] {
        m_showDue = false;
        if (const Run* run = m_focus.run())
            showRun(*run);
        else
            showNothing();
    });
}

void TransportBar::showRun(const Run& run) {
    showCommands(run);
    showSpeed(run);
    showRecords(run);
}

void TransportBar::showCommands(const Run& run) {
    const bool training = run.state() == Run::State::training;
    const bool canTrain = training || run.state() == Run::State::paused;
    m_train->setText(training ? tr("Pause") : tr("Train"));
    m_train->setGlyph(training ? Glyph::pause : Glyph::play);
    m_train->setEnabled(canTrain);
    m_step->setEnabled(canTrain);
    QString why;
    if (run.stoppedEarly())
        why =
            tr("It ended by itself (training.early_stop). Reset starts again from the same weights; a branch with training.early_stop = 0 "
               "goes on.");
    else if (run.state() == Run::State::finished)
        why = tr("All steps are done: Reset starts again from the same weights");
    if (run.state() == Run::State::diverged || run.state() == Run::State::failed) why = run.message();
    m_train->setToolTip(!why.isEmpty() ? why : training ? tr("Pause the training (Space)") : tr("Train (Space)"));
    m_step->setToolTip(!why.isEmpty() ? why : tr("Train one step (.)"));
    m_reset->setEnabled(true);
    m_pace->setEnabled(true);
    if (m_pace->pace() != run.pace()) m_pace->setPace(run.pace());
}

void TransportBar::showSpeed(const Run& run) {
    const bool training = run.state() == Run::State::training;
    m_tokens->setValue(training && run.tokensPerSecond() > 0 ? compact(run.tokensPerSecond()) : nothing);
    const double left = run.secondsLeft();
    switch (run.state()) {
        case Run::State::paused:
            m_left->setValue(tr("paused"));
            break;
        case Run::State::training:
            m_left->setValue(left >= 0 ? duration(left) : nothing);
            break;
        case Run::State::finished:
            m_left->setValue(tr("done"));
            break;
        case Run::State::diverged:
        case Run::State::failed:
            m_left->setValue(tr("stopped"));
            break;
    }
}

void TransportBar::showRecords(const Run& run) {
    const bool live = m_focus.live() || run.step() == 0;  // of nothing trained nothing else could be shown
    const std::int64_t step = live ? run.step() : m_focus.shownStep();
    const std::int64_t total = live ? run.experiment().training.steps : run.step();
    m_stepMeter->setLabel(live ? tr("Step") : tr("Step shown"));
    m_stepMeter->setHeld(!live);
    m_stepMeter->setValue(grouped(step), QStringLiteral("/ ") + grouped(total));
    m_stepMeter->setProgress(total > 0 ? static_cast<double>(step) / static_cast<double>(total) : 0.0);

    const QString percentUnit = QStringLiteral("%");
    const StepRecord* record = recordOf(run, step);
    const LossUnit unit = lossUnitOf(*run.dataset());
    m_loss->setLabel(unit.bitsPerByte ? tr("Bits a byte") : tr("Loss"));
    m_loss->setValue(record ? lossText(unit.of(record->train.loss)) : nothing);
    const Evaluation* evaluation = nullptr;
    if (record) evaluation = run.dataset()->validationSize() > 0 ? validationUpTo(run, *record) : &record->train;
    m_accuracy->setValue(evaluation ? meterPercent(evaluation->accuracy) : nothing, evaluation ? percentUnit : QString());
    const bool knowsWhole = evaluation && !std::isnan(evaluation->sequenceAccuracy);  // metrics do not say it
    m_whole->setValue(knowsWhole ? meterPercent(evaluation->sequenceAccuracy) : nothing, knowsWhole ? percentUnit : QString());
}

void TransportBar::showNothing() {
    for (QWidget* widget : std::initializer_list<QWidget*>{m_train, m_step, m_reset, m_pace}) widget->setEnabled(false);
    for (Meter* meter : {m_stepMeter, m_loss, m_accuracy, m_whole, m_tokens, m_left}) meter->setValue(nothing);
    m_stepMeter->setProgress(std::nullopt);
    m_train->setToolTip(tr("Open a preset or a file first"));
}

void TransportBar::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::panel));
    drawHairline(painter, QPointF(0, height() - 1), QPointF(width(), height() - 1), theme.color(Role::hairline));
}

}  // namespace lab
