#include "ui/pages/page.h"

#include <QTimer>
#include <algorithm>

#include "ui/widgets/buttons.h"

namespace lab {
namespace {

constexpr int frameMilliseconds = 33;

}  // namespace

Page::Page(Focus& focus, QWidget* parent) : QWidget(parent), m_focus(focus) {
    for (auto signal : {&Focus::stepChanged, &Focus::inputChanged, &Focus::traceChanged, &Focus::selectionChanged})
        connect(&focus, signal, this, &Page::scheduleRefresh);
    connect(&focus, &Focus::runChanged, this, &Page::watchRun);
    watchRun();
}

void Page::watchRun() {
    for (auto& connection : m_runConnections) disconnect(connection);
    if (Run* run = m_focus.run()) {
        m_runConnections[0] = connect(run, &Run::metricsExtended, this, &Page::scheduleRefresh);
        m_runConnections[1] = connect(run, &Run::historyExtended, this, &Page::scheduleRefresh);
        m_runConnections[2] = connect(run, &Run::stateChanged, this, &Page::scheduleRefresh);
        m_runConnections[3] = connect(run, &Run::wasReset, this, &Page::scheduleRefresh);
    }
    scheduleRefresh();
}

void Page::scheduleRefresh() {
    m_refreshDue = true;
    if (!isVisible() || m_timerRunning) return;
    m_timerRunning = true;
    // From picture to picture, not from news to news: those come in frames of their own.
    const auto since = m_sinceRefresh.isValid() ? static_cast<int>(std::min<qint64>(m_sinceRefresh.elapsed(), frameMilliseconds)) : 0;
    QTimer::singleShot(frameMilliseconds - since, Qt::PreciseTimer, this, [this] {
        m_timerRunning = false;
        if (!isVisible() || !m_refreshDue) return;
        m_refreshDue = false;
        refresh();
        m_sinceRefresh.start();
        if (m_export && m_export->isVisible()) m_export->sync();
    });
}

Button* Page::makeExportButton() {
    auto* button = new Button(tr("Export…"));
    button->setObjectName(QStringLiteral("export"));
    button->setToolTip(tr("Save or copy what this page draws, as a picture or as numbers (Ctrl+E)"));
    connect(button, &Button::clicked, this, &Page::showExport);
    return button;
}

void Page::showExport() {
    if (!m_export) m_export = new ExportPanel([this] { return figures(); }, this);
    m_export->show();
    m_export->raise();
    m_export->activateWindow();
}

void Page::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_refreshDue) {
        m_refreshDue = false;
        refresh();
        m_sinceRefresh.start();
    }
}

}  // namespace lab
