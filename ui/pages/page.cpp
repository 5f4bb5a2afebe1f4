#include "ui/pages/page.h"

#include <QTimer>
#include <algorithm>

#include "core/runs/budget.h"
#include "ui/pages/page_film.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"

namespace lab {

Page::Page(Focus& focus, QWidget* parent) : QWidget(parent), m_focus(focus) {
    connect(&focus, &Focus::stepChanged, this, &Page::takeNews);
    for (auto signal : {&Focus::inputChanged, &Focus::traceChanged, &Focus::selectionChanged})
        connect(&focus, signal, this, &Page::scheduleRefresh);
    connect(&focus, &Focus::traceChanged, this, &Page::answerHand, Qt::QueuedConnection);
    connect(&focus, &Focus::runChanged, this, &Page::watchRun);
    watchRun();
}

void Page::takeOver(const Page& other) {
    if (const QJsonObject notes = other.notes(); !notes.isEmpty()) takeNotes(notes);
    if (other.stage() != stage()) showStage(other.stage(), {});
}

void Page::watchRun() {
    for (auto& connection : m_runConnections) disconnect(connection);
    if (Run* run = m_focus.run()) {
        m_runConnections[0] = connect(run, &Run::metricsExtended, this, &Page::takeNews);
        m_runConnections[1] = connect(run, &Run::historyExtended, this, &Page::takeNews);
        m_runConnections[2] = connect(run, &Run::stateChanged, this, &Page::scheduleRefresh);
        m_runConnections[3] = connect(run, &Run::wasReset, this, &Page::scheduleRefresh);
    }
    scheduleRefresh();
}

/// Of a training that is followed a page that stands on the trace would draw the last one again: the next is on its way.
void Page::takeNews() {
    const Run* run = m_focus.run();
    const bool traceComes = run && run->state() == Run::State::training && m_focus.live() && m_focus.trace();
    if (!standsOnTrace() || !traceComes) scheduleRefresh();
}

void Page::scheduleRefresh() {
    m_refreshDue = true;
    if (!isVisible() || m_timerRunning) return;
    m_timerRunning = true;
    // From picture to picture, not from news to news: those come in frames of their own.
    // A picture that the hand asked for waits for its trace rather than show the others' news first.
    const bool traceComes = !m_focus.live() && m_focus.traceStep() != m_focus.shownStep();
    const bool counts = m_sinceRefresh.isValid() && !traceComes;
    const auto since = counts ? std::min(std::chrono::milliseconds(m_sinceRefresh.elapsed()), budget::page) : budget::page.zero();
    QTimer::singleShot(budget::page - since, Qt::PreciseTimer, this, [this] {
        m_timerRunning = false;
        if (!isVisible() || !m_refreshDue) return;
        refreshNow();
        if (m_export && m_export->isVisible()) m_export->sync();
    });
}

/// The picture of a step that the person asked for does not wait for the next frame, unless the last such picture is as young as that.
void Page::answerHand() {
    const bool asked = !m_focus.live() && m_focus.traceStep() == m_focus.shownStep();
    const bool rested = !m_sinceAnswer.isValid() || m_sinceAnswer.elapsed() >= budget::page.count();
    if (!asked || !rested || !m_refreshDue || !isVisible()) return;
    m_sinceAnswer.start();
    refreshNow();
}

Button* Page::makeExportButton() {
    auto* button = named(iconName() + QStringLiteral(".header.export"), new Button(tr("Export…")));
    button->setToolTip(tr("Save or copy what this page draws, as a picture or as numbers (Ctrl+E)"));
    connect(button, &Button::clicked, this, &Page::showExport);
    return button;
}

std::vector<FigureOffer> Page::allFigures() {
    std::vector<FigureOffer> offers = figures();
    if (m_moreFigures)
        for (FigureOffer& more : m_moreFigures()) offers.push_back(std::move(more));
    if (!m_focus.run()) return offers;
    for (FigureOffer& offer : offers)
        if (!offer.makeFilm && !offer.still)
            offer.makeFilm = [this, name = offer.name] { return std::make_unique<PageFilm>(*this, m_focus, name); };
    return offers;
}

bool Page::catchUp() {
    if (!isVisible()) return false;
    if (m_focus.traceStep() != m_focus.shownStep() && m_focus.traceError().isEmpty() && !m_focus.input().tokens.empty()) return false;
    if (m_refreshDue) refreshNow();
    return ready();
}

void Page::showExport() {
    if (!m_export) m_export = named(iconName() + QStringLiteral(".export"), new ExportPanel([this] { return allFigures(); }, this));
    m_export->show();
    m_export->raise();
    m_export->activateWindow();
}

void Page::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_refreshDue) refreshNow();
}

void Page::refreshNow() {
    m_refreshDue = false;
    refresh();
    m_sinceRefresh.start();
    emit refreshed();
}

}  // namespace lab
