#include "ui/window/jobs_panel.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/text/message_text.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int panelWidth = 520, panelHeight = 320;
constexpr int meterWidth = 128, meterHeight = 28, jobsPanelBarHeight = 4;
constexpr int buttonBar = 3;

double shareOf(const Job& job) {
    return job.total() > 0 ? std::clamp(static_cast<double>(job.done()) / job.total(), 0.0, 1.0) : 0.0;
}

/// "Reverse · step 1 200" or "Reverse · steps 0–1 200".
QString placeOf(const Job& job) {
    const JobKey& key = job.key();
    if (job.runName().isEmpty()) return {};
    if (key.firstStep == key.lastStep) return JobsPanel::tr("%1 \u00B7 step %2").arg(job.runName(), grouped(key.firstStep));
    return JobsPanel::tr("%1 \u00B7 steps %2\u2013%3").arg(job.runName(), grouped(key.firstStep), grouped(key.lastStep));
}

QString wordOf(const Job& job) {
    switch (job.state()) {
        case Job::State::waiting:
            return JobsPanel::tr("waiting");
        case Job::State::running:
            return job.total() > 0 ? JobsPanel::tr("%1 of %2").arg(grouped(job.done()), grouped(job.total())) : JobsPanel::tr("running");
        case Job::State::finished:
            return verdictText(true, JobsPanel::tr("finished"));
        case Job::State::failed:
            return verdictText(false, JobsPanel::tr("failed"));
        case Job::State::cancelled:
            return JobsPanel::tr("cancelled");
    }
    return {};
}

Role roleOf(const Job& job) {
    if (job.state() == Job::State::finished) return Role::right;
    if (job.state() == Job::State::failed) return Role::wrong;
    return job.state() == Job::State::running ? Role::text : Role::muted;
}

void paintBar(QPainter& painter, const QRectF& track, double share) {
    const Theme& theme = Theme::instance();
    painter.fillRect(track, theme.color(Role::hairline));
    painter.fillRect(QRectF(track.topLeft(), QSizeF(track.width() * share, track.height())), theme.color(Role::muted));
}

}  // namespace

/// How far a job is: a word or "3 of 12", and while it is under way a bar.
class JobMeter : public QWidget {
public:
    explicit JobMeter(const Job& job) : m_job(job) {}

    QSize sizeHint() const override { return {Theme::instance().px(meterWidth), Theme::instance().px(meterHeight)}; }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        painter.setFont(theme.font(TextSize::axis));
        painter.setPen(theme.color(roleOf(m_job)));
        const int bar = m_job.ended() ? 0 : theme.px(jobsPanelBarHeight + 4);
        painter.drawText(rect().adjusted(0, 0, 0, -bar), Qt::AlignRight | Qt::AlignVCenter, wordOf(m_job));
        if (bar > 0)
            paintBar(painter, QRectF(0, height() - theme.px(jobsPanelBarHeight) - 2, width(), theme.px(jobsPanelBarHeight)),
                     shareOf(m_job));
    }

private:
    const Job& m_job;  // of the row that owns this
};

JobRow::JobRow(JobPtr job, QWidget* parent) : QWidget(parent), m_job(std::move(job)) {
    m_title = new ThemedLabel(m_job->title(), TextSize::text, Role::text, true);
    m_detail = new ThemedLabel(QString(), TextSize::caption, Role::muted);
    m_detail->setWordWrap(true);
    m_meter = new JobMeter(*m_job);
    m_meter->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_button = new Button(tr("Cancel"));
    m_button->setWidthFor({tr("Cancel"), tr("Open")});
    QSizePolicy keepsItsRoom = m_button->sizePolicy();
    keepsItsRoom.setRetainSizeWhenHidden(true);
    m_button->setSizePolicy(keepsItsRoom);
    auto* text = new QVBoxLayout;
    text->setSpacing(0);
    text->addWidget(m_title);
    text->addWidget(m_detail);
    auto* layout = new QHBoxLayout(this);
    layout->addLayout(text, 1);
    layout->addWidget(m_meter);
    layout->addWidget(m_button);
    connect(m_button, &Button::clicked, this, &JobRow::press);
    connect(m_job.get(), &Job::changed, this, &JobRow::follow);
    keepSpacing(layout, {12, 6, 8, 6}, 12);
    follow();
}

QString JobRow::stateText() const {
    return wordOf(*m_job);
}

void JobRow::follow() {
    const bool failed = m_job->state() == Job::State::failed;
    m_detail->setText(failed ? m_job->message() : placeOf(*m_job));
    m_detail->setRole(failed ? Role::wrong : Role::muted);
    m_button->setText(m_job->ended() ? tr("Open") : tr("Cancel"));
    m_button->setVisible(!m_job->ended() || m_job->canOpen());
    m_button->setToolTip(m_job->ended() ? tr("Show the result where it belongs") : tr("Stop this analysis; what it found is dropped"));
    m_button->setAccessibleName(tr("%1: %2").arg(m_button->text(), m_job->title()));
    setAccessibleName(tr("%1, %2, %3").arg(m_job->title(), m_detail->text(), wordOf(*m_job)));
    m_meter->update();
}

void JobRow::press() {
    if (!m_job->ended()) return m_job->cancel();
    m_job->open();
    emit opened();
}

void JobRow::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const double bottom = height() - devicePixel(painter);
    drawHairline(painter, QPointF(0, bottom), QPointF(width(), bottom), Theme::instance().color(Role::hairline));
}

JobsPanel::JobsPanel(Jobs& jobs, QWidget* parent) : QDialog(parent), m_jobs(jobs) {
    setWindowTitle(tr("Analyses"));
    setObjectName(QStringLiteral("jobs"));
    m_empty =
        new EmptyState(tr("No analysis is under way."),
                       tr("What takes long, such as measuring a model at other lengths, runs beside the training and is listed here."));
    auto* content = new QWidget;
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_column->addStretch();
    m_scroll = new QScrollArea;
    m_scroll->setWidget(content);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setAccessibleName(tr("Analyses under way and ended"));
    m_cancelAll = named("jobs.panel.cancel_all", new Button(tr("Cancel all")));
    m_clear = named("jobs.panel.clear", new Button(tr("Clear those that ended")));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_clear);
    buttons->addStretch();
    buttons->addWidget(m_cancelAll);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_empty, 1);
    layout->addWidget(m_scroll, 1);
    layout->addLayout(buttons);
    connect(m_cancelAll, &Button::clicked, &m_jobs, &Jobs::cancelAll);
    connect(m_clear, &Button::clicked, &m_jobs, &Jobs::clearEnded);
    connect(&m_jobs, &Jobs::listChanged, this, &JobsPanel::list);
    connect(&m_jobs, &Jobs::activeChanged, this, &JobsPanel::list);
    followTheme(this, &JobsPanel::applyMeasures);
    list();
}

void JobsPanel::applyMeasures() {
    const Theme& theme = Theme::instance();
    const int margin = theme.px(12);
    layout()->setContentsMargins(margin, margin, margin, margin);
    layout()->setSpacing(theme.px(12));
    resize(theme.px(panelWidth), theme.px(panelHeight));
}

/// Rows stay where their jobs stay, so that the keyboard's focus does.
void JobsPanel::list() {
    std::vector<JobPtr> wanted;
    for (const JobPtr& job : m_jobs.list())
        if (!job->ended()) wanted.push_back(job);
    for (auto job = m_jobs.list().rbegin(); job != m_jobs.list().rend(); ++job)
        if ((*job)->ended()) wanted.push_back(*job);
    std::vector<JobRow*> rows;
    for (const JobPtr& job : wanted) rows.push_back(rowOf(job));
    for (JobRow* row : m_rows) {
        if (std::find(rows.begin(), rows.end(), row) != rows.end()) continue;
        row->hide();
        row->deleteLater();  // it may be its own button that leads here
    }
    m_rows = std::move(rows);
    QWidget* before = nullptr;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        m_column->removeWidget(m_rows[i]);
        m_column->insertWidget(static_cast<int>(i), m_rows[i]);
        setControlName(m_rows[i]->button(), QStringLiteral("jobs.panel.row_%1").arg(i + 1));
        if (before) setTabOrder(before, &m_rows[i]->button());
        before = &m_rows[i]->button();
    }
    m_empty->setVisible(m_rows.empty());
    m_scroll->setVisible(!m_rows.empty());
    m_cancelAll->setEnabled(m_jobs.active() > 0);
    m_clear->setEnabled(static_cast<int>(m_rows.size()) > m_jobs.active());
}

JobRow* JobsPanel::rowOf(const JobPtr& job) {
    const auto known = std::find_if(m_rows.begin(), m_rows.end(), [&job](const JobRow* row) { return row->job() == job; });
    if (known != m_rows.end()) return *known;
    auto* row = new JobRow(job);
    connect(row, &JobRow::opened, this, &QDialog::accept);
    return row;
}

/// Up and Down go from button to button, Enter presses the one that has the focus and no other.
void JobsPanel::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (auto* button = qobject_cast<QAbstractButton*>(focusWidget())) button->click();
        return;
    }
    if (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down) return moveFocus(event->key() == Qt::Key_Up ? -1 : 1);
    QDialog::keyPressEvent(event);
}

void JobsPanel::moveFocus(int by) {
    std::vector<Button*> buttons;
    for (const JobRow* row : m_rows)
        if (!row->button().isHidden()) buttons.push_back(&row->button());
    if (buttons.empty()) return;
    const auto count = static_cast<std::ptrdiff_t>(buttons.size());
    const auto here = std::find(buttons.begin(), buttons.end(), focusWidget()) - buttons.begin();
    const auto next = here == count ? (by > 0 ? 0 : count - 1) : std::clamp<std::ptrdiff_t>(here + by, 0, count - 1);
    Button* wanted = buttons[static_cast<std::size_t>(next)];
    wanted->setFocus(Qt::TabFocusReason);
    m_scroll->ensureWidgetVisible(wanted);
}

JobsButton::JobsButton(const Jobs& jobs, QWidget* parent) : Button(QString(), parent), m_jobs(jobs) {
    setHeight(28);
    setFlatLook(true);
    setFocusPolicy(Qt::TabFocus);
    setWidthFor({counted(LAB_PLURAL("window", "%n analyses"), 88)});
    connect(&jobs, &Jobs::activeChanged, this, &JobsButton::follow);
    follow();
}

const Job* JobsButton::running() const {
    const auto found = std::find_if(m_jobs.list().begin(), m_jobs.list().end(), [](const JobPtr& job) { return !job->ended(); });
    return found == m_jobs.list().end() ? nullptr : found->get();
}

void JobsButton::follow() {
    const int active = m_jobs.active();
    disconnect(m_progress);
    if (const Job* job = running()) {
        m_progress = connect(job, &Job::changed, this, qOverload<>(&QWidget::update));
        setText(active == 1 ? tr("1 analysis") : counted(LAB_PLURAL("window", "%n analyses"), active));
        setToolTip(tr("%1: under way beside the training. Shows all that run and wait (Ctrl+J)").arg(job->title()));
    }
    setVisible(active > 0);
}

void JobsButton::paintEvent(QPaintEvent* event) {
    Button::paintEvent(event);
    const Job* job = running();
    if (!job) return;
    const Theme& theme = Theme::instance();
    const int high = theme.px(buttonBar), side = theme.px(6);
    QPainter painter(this);
    paintBar(painter, QRectF(side, height() - high - 1, width() - 2 * side, high), shareOf(*job));
}

}  // namespace lab
