#include "ui/window/timeline_bar.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QTimer>
#include <algorithm>
#include <array>
#include <set>

#include "core/base/number_text.h"
#include "core/config/experiment.h"
#include "core/training/loss_fall.h"
#include "ui/text/message_text.h"
#include "ui/text/terms.h"
#include "ui/widgets/bar_label.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/timeline_figure.h"
#include "ui/widgets/timeline_strip.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int timelineBarBarHeight = 60;
constexpr int timelineBarGap = 12;

QString stepText(std::int64_t step) {
    return TimelineBar::tr("step %1").arg(grouped(step));
}

constexpr std::array speeds{5, 10, 20, 40};                   ///< kept steps a second
constexpr std::array budgets{64, 128, 256, 512, 1024, 2048};  ///< megabytes

/// The last step is kept however large it is: of one that is above the budget this is not told.
QString keptText(std::int64_t kept, double megabytes, int budget) {
    if (megabytes > budget) return TimelineBar::tr("%1 kept \u00B7 %2 MB").arg(grouped(kept), fixed(megabytes, 1));
    return TimelineBar::tr("%1 kept \u00B7 %2 of %3 MB").arg(grouped(kept), fixed(megabytes, 1), grouped(budget));
}

QString speedText(int stepsPerSecond) {
    return TimelineBar::tr("%1/s").arg(stepsPerSecond);
}

/// The step of the lowest validation loss has a flag of its own when a later validation was not lower and no pin stands there.
std::optional<TimelineStrip::Pin> bestFlag(const Run& run) {
    const auto best = run.history().bestStep();
    if (!best || run.history().pins().contains(*best)) return std::nullopt;
    for (auto record = run.records().rbegin(); record != run.records().rend() && record->step > *best; ++record)
        if (record->validation) return TimelineStrip::Pin{*best, TimelineBar::tr("best")};
    return std::nullopt;
}

}  // namespace

TimelineBar::TimelineBar(Focus& focus, QWidget* parent)
    : QWidget(parent),
      m_focus(focus),
      m_strip(named("window.timeline.strip", new TimelineStrip)),
      m_step(new ThemedLabel({}, TextSize::text, Role::accent, true)),
      m_kept(named("window.timeline.kept", new Button({}))),
      m_play(named("window.timeline.play", new Button(Glyph::play, tr("Run through the kept steps (Shift+Space)")))),
      m_speed(named("window.timeline.speed", new Button(speedText(speeds[1])))),
      m_runsButton(named("window.timeline.runs", new Button({}))),
      m_continue(named("window.timeline.continue", new Button({}))),
      m_follow(named("window.timeline.follow", new Button({}))),
      m_budgets(new QMenu(this)),
      m_runs(new QMenu(this)),
      m_playing(new QTimer(this)) {
    setAttribute(Qt::WA_OpaquePaintEvent);
    for (Button* button : {m_kept, m_speed, m_runsButton}) button->setFlatLook(true);
    for (Button* button : {m_kept, m_play, m_speed, m_runsButton, m_continue}) button->setFocusPolicy(Qt::TabFocus);
    m_speed->setToolTip(tr("How many kept steps are shown a second"));
    m_runsButton->setToolTip(tr("A branch and the runs it came from: choose the one to look at"));
    m_runsButton->hide();
    m_follow->setCheckable(true);
    m_follow->setFocusPolicy(Qt::TabFocus);
    m_follow->setToolTip(tr("Show the newest step while it trains (F)"));
    m_kept->setToolTip(
        withTerm(tr("Kept steps, and the memory they take. Click to choose how much they may take."), QStringLiteral("kept")));

    auto* story = new QVBoxLayout;
    story->setSpacing(0);
    story->addStretch();
    story->addWidget(m_step, 0, Qt::AlignLeft);
    story->addWidget(m_kept, 0, Qt::AlignLeft);
    story->addStretch();
    auto* layout = new QHBoxLayout(this);
    layout->addWidget(new BarLabel({tr("Time")}));
    auto* player = new QVBoxLayout;
    player->setSpacing(0);
    player->addStretch();
    player->addWidget(m_play, 0, Qt::AlignHCenter);
    player->addWidget(m_speed, 0, Qt::AlignHCenter);
    player->addStretch();
    layout->addLayout(player);
    layout->addWidget(m_strip, 1);
    layout->addLayout(story);
    layout->addWidget(m_runsButton);
    layout->addWidget(m_continue);
    layout->addWidget(m_follow);

    connect(m_strip, &TimelineStrip::stepRequested, this, [this](qint64 step) {
        stopPlaying();
        m_focus.showStep(step);
    });
    connect(m_strip, &TimelineStrip::pinNamed, this, [this](qint64 step, const QString& name) {
        Run* run = m_focus.run();
        if (!run) return;
        const auto best = bestFlag(*run);
        const bool isBest = best && best->step == step;
        if (isBest && (name.isEmpty() || name == best->name)) return;  // it is kept by itself
        if (!isBest && !run->history().pins().contains(step)) return;
        if (name.isEmpty())
            run->unpin(step);
        else
            run->pin(run->history().atOrBefore(step), name);
    });
    connect(m_strip, &TimelineStrip::pinWanted, this, &TimelineBar::namePin);
    connect(m_play, &QAbstractButton::clicked, this, &TimelineBar::togglePlaying);
    connect(m_speed, &QAbstractButton::clicked, this, &TimelineBar::cycleSpeed);
    connect(m_playing, &QTimer::timeout, this, &TimelineBar::playOn);
    connect(m_continue, &QAbstractButton::clicked, this, &TimelineBar::continueRequested);
    connect(m_kept, &QAbstractButton::clicked, this, [this] {
        fillBudgetMenu();
        m_budgets->popup(m_kept->mapToGlobal(QPoint(0, 0)));
    });
    connect(m_runsButton, &QAbstractButton::clicked, this, [this] { m_runs->popup(m_runsButton->mapToGlobal(QPoint(0, 0))); });
    connect(m_follow, &QAbstractButton::clicked, this, [this] {
        m_focus.followLive();
        showStep();
    });
    connect(&m_focus, &Focus::runChanged, this, &TimelineBar::watchRun);
    connect(&m_focus, &Focus::stepChanged, this, &TimelineBar::showStep);
    followTheme(this, &TimelineBar::applyMeasures);
    watchRun();
}

void TimelineBar::applyMeasures() {
    const Theme& theme = Theme::instance();
    setFixedHeight(theme.px(timelineBarBarHeight));
    layout()->setContentsMargins(0, 1, theme.px(timelineBarGap), 0);
    layout()->setSpacing(theme.px(timelineBarGap));
    m_speed->setWidthFor({speedText(speeds.back())});
    m_continue->setWidthFor({tr("Continue from here"), tr("Continue with changes")});
    m_kept->setWidthFor({keptText(999, 99.9, 2048)});
    m_kept->setFixedWidth(m_kept->sizeHint().width());
    m_follow->setWidthFor({QStringLiteral("\u25CF ") + tr("Follow live"), QStringLiteral("\u25CB ") + tr("Follow live")});
    showStep();
    update();
}

void TimelineBar::watchRun() {
    for (const auto& connection : m_connections) disconnect(connection);
    m_connections.clear();
    if (const Run* run = m_focus.run())
        m_connections = {connect(run, &Run::metricsExtended, this, &TimelineBar::addRecords),
                         connect(run, &Run::historyExtended, this, &TimelineBar::showKept),
                         connect(run, &Run::pinsChanged, this, &TimelineBar::showKept),
                         connect(run, &Run::stateChanged, this, &TimelineBar::showContinue),
                         connect(run, &Run::wasReset, this, &TimelineBar::restart)};
    stopPlaying();
    restart();
}

void TimelineBar::restart() {
    const Run* run = m_focus.run();
    if (!run) {
        m_strip->clear(0, 1);
    } else {
        m_strip->clear(run->history().checkpoints().front()->step, run->experiment().training.steps);
        m_fallLooked = 0;
        addRecords(0, static_cast<int>(run->records().size()));
        showKept();
    }
    applyMeasures();
}

void TimelineBar::addRecords(int from, int to) {
    const Run* run = m_focus.run();
    if (!run) return;
    for (int i = from; i < to; ++i) {
        const StepRecord& record = run->records()[static_cast<std::size_t>(i)];
        m_strip->addLoss(record.step, record.train.loss);
        if (record.validation) m_strip->addValidation(record.step, record.validation->loss);
    }
    showFall();
    showPins();
    showStep();
}

void TimelineBar::showKept() {
    const Run* run = m_focus.run();
    if (!run) return;
    std::vector<std::int64_t> steps;
    for (const CheckpointPtr& checkpoint : run->history().checkpoints()) steps.push_back(checkpoint->step);
    m_strip->setKeptSteps(std::move(steps));
    m_strip->setBest(run->history().bestStep());
    m_kept->setText(keptText(static_cast<std::int64_t>(run->history().size()), static_cast<double>(run->history().bytes()) / (1 << 20),
                             static_cast<int>(run->history().budget() >> 20)));
    m_kept->setFixedWidth(m_kept->sizeHint().width());  // of one size: no checkpoint lays the window out anew
    showPins();
}

/// Looked for anew when there is a fiftieth more to look at: the longer the training the less often.
void TimelineBar::showFall() {
    const auto& records = m_focus.run()->records();
    if (records.size() >= m_fallLooked && records.size() < m_fallLooked + std::max<std::size_t>(m_fallLooked / 50, 5)) return;
    m_fallLooked = records.size();
    const std::optional<LossFall> fall = steepestFall(records);
    if (!fall) return m_strip->setFall(std::nullopt);
    m_strip->setFall(fall->step, tr("The triangle marks where the loss falls fastest: from %1 to %2 nats (means of the %3 steps before "
                                    "step %4 and of those from it on).")
                                     .arg(significant(fall->before, 3), significant(fall->after, 3))
                                     .arg(fall->window)
                                     .arg(grouped(fall->step)));
}

void TimelineBar::showPins() {
    std::vector<TimelineStrip::Pin> pins;
    for (const auto& [step, name] : m_focus.run()->history().pins()) pins.push_back({step, QString::fromStdString(name)});
    if (const auto best = bestFlag(*m_focus.run())) pins.push_back(*best);  // behind the person's own, to which it gives way
    m_strip->setPins(std::move(pins));
}

std::vector<FigureOffer> TimelineBar::figures() const {
    const Run* run = m_focus.run();
    if (!run || run->records().empty()) return {};
    return {
        {tr("Timeline"), fileNameOf(tr("%1 step %2 timeline").arg(run->name()).arg(m_focus.shownStep())), [this] { return makeFigure(); }}};
}

std::unique_ptr<Figure> TimelineBar::makeFigure() const {
    const Run* run = m_focus.run();
    if (!run || run->records().empty()) return nullptr;
    auto figure = std::make_unique<TimelineFigure>(*m_strip);
    figure->title = run->name();
    figure->caption =
        tr("Training of '%1', %2 steps. Line: loss of the batches, logarithmic; dots: validation, the ring: its lowest; triangle: where "
           "the loss falls fastest; ticks below: steps whose weights are kept; flags: pins, and 'best' where validation was lowest; the "
           "marker: step %3.")
            .arg(run->name(), grouped(run->step()), grouped(m_focus.shownStep()));
    std::set<std::int64_t> kept;
    for (const CheckpointPtr& checkpoint : run->history().checkpoints()) kept.insert(checkpoint->step);
    auto pins = run->history().pins();
    if (const auto best = bestFlag(*run)) pins[best->step] = best->name.toStdString();
    figure->numbers.header = {"step", "train_loss", "validation_loss", "kept", "pin"};
    const auto add = [&](std::int64_t step, const std::string& train, const std::string& validation) {
        const auto pin = pins.find(step);
        figure->numbers.rows.push_back(
            {std::to_string(step), train, validation, kept.contains(step) ? "1" : "0", pin == pins.end() ? std::string() : pin->second});
    };
    if (const std::int64_t first = *kept.begin(); first < run->records().front().step) add(first, {}, {});
    for (const StepRecord& record : run->records())
        add(record.step, numberText(record.train.loss), record.validation ? numberText(record.validation->loss) : std::string());
    return figure;
}

void TimelineBar::togglePin() {
    Run* run = m_focus.run();
    if (!run || !m_focus.checkpoint()) return;
    const CheckpointPtr shown = m_focus.checkpoint();
    if (run->history().pins().contains(shown->step))
        run->unpin(shown->step);
    else
        run->pin(shown, tr("pin %1").arg(shown->step));
}

/// Pins the step first when it has no pin.
void TimelineBar::namePin() {
    const Run* run = m_focus.run();
    if (!run || !m_focus.checkpoint()) return;
    if (!run->history().pins().contains(m_focus.shownStep())) togglePin();
    m_strip->editName(m_focus.shownStep());
}

bool TimelineBar::isPlaying() const {
    return m_playing->isActive();
}

void TimelineBar::togglePlaying() {
    const Run* run = m_focus.run();
    if (isPlaying() || !run) return stopPlaying();
    const History& history = run->history();
    if (m_focus.live() || m_focus.shownStep() >= history.last()->step) m_focus.showKeptStep(history.checkpoints().front()->step);
    m_playing->start(1000 / speeds[static_cast<std::size_t>(m_speedIndex)]);
    m_play->setGlyph(Glyph::pause);
}

void TimelineBar::stopPlaying() {
    m_playing->stop();
    m_play->setGlyph(Glyph::play);
}

/// The next kept step, once the pages have the picture of the one before.
void TimelineBar::playOn() {
    const Run* run = m_focus.run();
    if (!run || m_focus.live()) return stopPlaying();
    if (m_focus.traceStep() != m_focus.shownStep() && m_focus.traceError().isEmpty()) return;
    const auto& kept = run->history().checkpoints();
    const auto next = std::upper_bound(kept.begin(), kept.end(), m_focus.shownStep(),
                                       [](std::int64_t step, const CheckpointPtr& each) { return step < each->step; });
    if (next == kept.end()) return stopPlaying();
    m_focus.showKeptStep((*next)->step);
}

void TimelineBar::cycleSpeed() {
    m_speedIndex = (m_speedIndex + 1) % static_cast<int>(speeds.size());
    const int speed = speeds[static_cast<std::size_t>(m_speedIndex)];
    m_speed->setText(speedText(speed));
    m_playing->setInterval(1000 / speed);
}

void TimelineBar::setBudget(int megabytes) {
    m_megabytes = megabytes;
    showKept();
}

void TimelineBar::fillBudgetMenu() {
    m_budgets->clear();
    for (const int megabytes : budgets) {
        QAction* action = m_budgets->addAction(tr("Keep up to %1 MB").arg(grouped(megabytes)));
        action->setCheckable(true);
        action->setChecked(megabytes == m_megabytes);
        connect(action, &QAction::triggered, this, [this, megabytes] { emit budgetChosen(megabytes); });
    }
    numberActions(*m_budgets, m_kept->objectName());
}

void TimelineBar::setDraftChanged(bool changed) {
    m_draftChanged = changed;
    showContinue();
}

void TimelineBar::setRuns(const std::vector<Run*>& runs) {
    m_runs->clear();
    m_runsButton->setVisible(runs.size() > 1);
    m_runsButton->setText(counted(LAB_PLURAL("window", "%n run(s)"), static_cast<std::int64_t>(runs.size())));
    for (Run* run : runs) {
        QAction* action = m_runs->addAction(run->name());
        action->setCheckable(true);
        action->setChecked(run == m_focus.run());
        connect(action, &QAction::triggered, this, [this, run = QPointer<Run>(run)] {
            if (run) emit runChosen(run);
        });
    }
    numberActions(*m_runs, m_runsButton->objectName());
}

/// From the last step it would be no branch but the run itself; with changes it is one from there, too.
void TimelineBar::showContinue() {
    const Run* run = m_focus.run();
    m_continue->setText(m_draftChanged ? tr("Continue with changes") : tr("Continue from here"));
    const bool held = run && (!m_focus.live() || (m_draftChanged && run->state() != Run::State::training && run->step() > 0));
    m_continue->setEnabled(held);
    m_continue->setToolTip(!held ? tr("Go to an earlier step first: click into the timeline")
                           : m_draftChanged
                               ? tr("A new run with the changed settings, from the weights of step %1").arg(grouped(m_focus.wantedStep()))
                               : tr("A new run from step %1, bit for bit as this one; change settings first to see what they would have "
                                    "done (B)")
                                     .arg(grouped(m_focus.wantedStep())));
}

void TimelineBar::showStep() {
    const Run* run = m_focus.run();
    const bool live = m_focus.live();
    setEnabled(run);
    m_follow->setChecked(run && live);
    m_follow->setText((live ? QStringLiteral("\u25CF ") : QStringLiteral("\u25CB ")) + tr("Follow live"));
    if (!run) {
        m_step->setText({});
        m_kept->setText({});
        return;
    }
    const std::int64_t newest = run->step();
    m_strip->setShown(live ? newest : m_focus.wantedStep(), newest);
    m_step->setText(stepText(live ? newest : m_focus.wantedStep()));
    m_step->setToolTip(live || m_focus.wantedStep() == m_focus.shownStep()
                           ? QString()
                           : tr("Being recomputed; meanwhile the pages show step %1").arg(grouped(m_focus.shownStep())));
    if (live) stopPlaying();
    showContinue();
    // Of one size, nor does a step.
    const int widest = textWidth(m_step->font(), stepText(run->experiment().training.steps));
    m_step->setFixedSize(std::max(widest, textWidth(m_step->font(), m_step->text())), m_step->fontMetrics().height());
}

void TimelineBar::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::panel));
    drawHairline(painter, QPointF(0, 0), QPointF(width(), 0), theme.color(Role::hairline));
}

}  // namespace lab
