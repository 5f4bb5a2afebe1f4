#include "ui/pages/memory/recall_panel.h"

#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/pages/memory/recall_figure.h"
#include "ui/pages/memory/snapshot_strip.h"
#include "ui/text/message_text.h"
#include "ui/widgets/column.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"

namespace lab {

RecallPanel::RecallPanel(QWidget* parent) : PanelFrame(tr("Remembering, step by step"), parent) {
    QStringList modes;
    for (const RecallModeSpec& mode : EnumRows<RecallMode>::rows) modes << shown(Message(mode.title));
    m_mode = named("memory.recall.update", new SegmentedControl(modes, tr("Update")));
    m_mode->setHeight(20);
    for (int i = 0; i < static_cast<int>(EnumRows<RecallMode>::rows.size()); ++i)
        m_mode->setChoiceToolTip(i, shown(Message(EnumRows<RecallMode>::rows[static_cast<std::size_t>(i)].help)) +
                                        QStringLiteral("\ns\u1D62 \u2190 sgn(\u03A3\u2C7C W\u1D62\u2C7C s\u2C7C); sgn(0): ") +
                                        tr("as it was"));
    m_snapshots = new SnapshotStrip;
    m_snapshots->setToolTip(tr("The state after so many updates; a red cross is a pixel that is not that of the pattern asked for"));
    m_plot = named("memory.recall.energy", new Plot(tr("Energy")));
    m_plot->setXTitle(tr("updates"));
    m_plot->setReading([](double energy) { return fixed(energy, 1); });
    m_plot->setToolTip(
        tr("E = \u2212\u00BD s\u1D40 W s (Hopfield 1982).\nEvery flip is downhill where W is symmetric and has no negative diagonal, one "
           "pixel at a time."));
    m_plot->legend()->show();
    addControl(m_plot->legend());
    addControl(m_mode);
    m_verdict = new ElidedLabel({}, TextSize::caption);
    m_verdict->setAlignment(Qt::AlignCenter);
    auto* body = new QWidget;
    QVBoxLayout* rows = column(body);
    rows->addWidget(m_snapshots, 2);
    rows->addWidget(m_plot, 5);
    rows->addWidget(m_verdict);
    setContent(body);
    m_plot->installEventFilter(this);
    connect(m_mode, &SegmentedControl::chosen, this, [this](int index) { emit synchronousChosen(index == 1); });
    connect(m_plot, &Plot::handMoved, this, [this](double x) { emit updateChosen(static_cast<int>(std::lround(x))); });
    connect(m_snapshots, &SnapshotStrip::updateChosen, this, &RecallPanel::updateChosen);
    whenThemed(this, &RecallPanel::showSnapshots);
}

void RecallPanel::setStudy(RecallStudyPtr study, int update) {
    const bool another = study != m_study;
    m_study = std::move(study);
    m_shown = update;
    if (another) m_plot->setCrosshair(std::nullopt);
    showEnergy(*m_plot, m_study, m_shown);
    m_mode->setEnabled(m_study != nullptr);
    if (m_study) m_mode->setCurrent(m_study->value.synchronous ? 1 : 0);
    const QString verdict = m_study ? energyVerdict(*m_study) : QString();
    m_verdict->setText(verdict.isEmpty() ? QString() : tr("Energy: %1").arg(verdict));
    m_verdict->setRole(m_study && m_study->neverRises() ? verdictRole(verdict) : Role::muted);
    showSnapshots();
}

void RecallPanel::showSnapshots() {
    m_snapshots->setStudy(m_study, m_shown, [plot = m_plot](double update) { return plot->place(update, 0).x(); });
}

void RecallPanel::resizeEvent(QResizeEvent* event) {
    PanelFrame::resizeEvent(event);
    showSnapshots();
}

bool RecallPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_plot && event->type() == QEvent::Resize) showSnapshots();
    return PanelFrame::eventFilter(watched, event);
}

std::vector<FigureOffer> RecallPanel::figures() const {
    return m_study ? std::vector{recallOffer(m_study, m_shown)} : std::vector<FigureOffer>();
}

}  // namespace lab
