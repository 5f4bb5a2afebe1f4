#include "ui/timeline_bar.h"

#include <QHBoxLayout>
#include <QPainter>

#include "ui/bar_label.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/timeline_strip.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int barHeight = 60;
constexpr int gap = 12;

QString stepText(std::int64_t step) {
    return TimelineBar::tr("step %1").arg(grouped(step));
}

QString keptText(const History& history) {
    const double megabytes = static_cast<double>(history.bytes()) / 1e6;
    return TimelineBar::tr("%1 kept \u00B7 %2 MB").arg(grouped(static_cast<std::int64_t>(history.size())), fixed(megabytes, 1));
}

}  // namespace

TimelineBar::TimelineBar(Focus& focus, QWidget* parent)
    : QWidget(parent),
      m_focus(focus),
      m_strip(new TimelineStrip),
      m_step(new ThemedLabel({}, TextSize::text, Role::accent, true)),
      m_kept(new ThemedLabel({}, TextSize::caption, Role::muted)),
      m_follow(new Button({})) {
    m_follow->setCheckable(true);
    m_follow->setFocusPolicy(Qt::TabFocus);
    m_follow->setToolTip(tr("Show the newest step while it trains (F)"));
    m_kept->setToolTip(tr("Steps whose weights are kept, and the memory they take"));

    auto* story = new QVBoxLayout;
    story->setSpacing(0);
    story->addStretch();
    story->addWidget(m_step);
    story->addWidget(m_kept);
    story->addStretch();
    auto* layout = new QHBoxLayout(this);
    layout->addWidget(new BarLabel({tr("Time")}));
    layout->addWidget(m_strip, 1);
    layout->addLayout(story);
    layout->addWidget(m_follow);

    connect(m_strip, &TimelineStrip::stepRequested, &m_focus, &Focus::showStep);
    connect(m_follow, &QAbstractButton::clicked, this, [this] {
        m_focus.followLive();
        showStep();
    });
    connect(&m_focus, &Focus::runChanged, this, &TimelineBar::watchRun);
    connect(&m_focus, &Focus::stepChanged, this, &TimelineBar::showStep);
    connect(&Theme::instance(), &Theme::changed, this, &TimelineBar::applyMeasures);
    applyMeasures();
    watchRun();
}

void TimelineBar::applyMeasures() {
    const Theme& theme = Theme::instance();
    setFixedHeight(theme.px(barHeight));
    layout()->setContentsMargins(0, 1, theme.px(gap), 0);
    layout()->setSpacing(theme.px(gap));
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
                         connect(run, &Run::wasReset, this, &TimelineBar::restart)};
    restart();
}

void TimelineBar::restart() {
    const Run* run = m_focus.run();
    if (!run) {
        m_strip->clear(0, 1);
    } else {
        m_strip->clear(run->history().checkpoints().front()->step, run->experiment().training.steps);
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
    showStep();
}

void TimelineBar::showKept() {
    const Run* run = m_focus.run();
    if (!run) return;
    std::vector<std::int64_t> steps;
    for (const CheckpointPtr& checkpoint : run->history().checkpoints()) steps.push_back(checkpoint->step);
    m_strip->setKeptSteps(std::move(steps));
    m_kept->setText(keptText(run->history()));
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
    m_strip->setShown(live ? newest : m_focus.shownStep(), newest);
    m_step->setText(stepText(live ? newest : m_focus.shownStep()));
    const Theme& theme = Theme::instance();
    const int widest = std::max(textWidth(theme.font(TextSize::text, true), stepText(run->experiment().training.steps)),
                                textWidth(theme.font(TextSize::caption), tr("%1 kept \u00B7 %2 MB").arg(grouped(999), fixed(99.9, 1))));
    m_step->setMinimumWidth(widest);
}

void TimelineBar::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::panel));
    drawHairline(painter, QPointF(0, 0), QPointF(width(), 0), theme.color(Role::hairline));
}

}  // namespace lab
