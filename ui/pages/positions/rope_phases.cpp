#include "ui/pages/positions/rope_phases.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

constexpr int ropePhasesGap = 8;
constexpr int ropePhasesMostShownRows = 256;
constexpr int valuesPerToken = 5;

std::vector<double> thetasOf(const RopeStudy& study) {
    std::vector<double> theta;
    for (const RopePair& pair : study.geometry().pairs()) theta.push_back(pair.theta);
    return theta;
}

}  // namespace

RopePhases::RopePhases(RopeStudy& study, QWidget* parent) : QWidget(parent), m_study(study) {
    m_row = new QHBoxLayout(this);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_phasePanel = new PanelFrame(tr("Phase of every pair at every position"), this);
    m_phases = named("positions.phases.phases", new Map(MapForm::values(), tr("Phase, position by pair")));
    m_phases->setAxes(tr("position"), tr("pair"));
    m_phases->setQuantity(tr("m \u03B8, degrees"),
                          [](double radians) { return fixed(radians * 180 / std::numbers::pi, 0) + QStringLiteral("\u00B0"); });
    m_phasePanel->setContent(m_phases);
    m_row->addWidget(m_phasePanel, 1);
    auto* right = new QVBoxLayout;
    m_wavePanel = new PanelFrame(tr("Wavelengths"), this);
    m_waves = named("positions.phases.wavelengths", new Plot(tr("Wavelength of every pair")));
    m_waves->setScales(AxisScale::linear, AxisScale::logarithmic);
    m_waves->setXTitle(tr("pair"));
    m_waves->setToolTip(
        tr("2\u03C0 / \u03B8: after so many tokens a pair has turned once. Pairs above the training length do not complete a turn "
           "within a sequence of training. Drag, or Left and Right, to choose the pair."));
    m_waves->setReading([](double tokens) { return tokens < 10000 ? fixed(tokens, 1) : compact(tokens); });
    m_wavePanel->setContent(m_waves);
    m_wavePanel->addControl(m_waves->legend());
    m_waves->legend()->show();
    m_turnPanel = new PanelFrame(QString(), this);
    m_turns = named("positions.phases.share", new Plot(tr("Share of the score of the pair in hand")));
    m_turns->setXTitle(tr("m \u2212 n"));
    m_turns->setToolTip(
        tr("\u03BA\u00B2 |q||k| cos(\u2220q \u2212 \u2220k + (m \u2212 n) \u03B8) / \u221A"
           "d\u2095 of the pair in hand: what it adds to the "
           "turned vectors\u2019 q \u00B7 k / \u221A"
           "d\u2095; \u03BA is the attention factor of YaRN and LongRoPE, else 1"));
    m_turnPanel->setContent(m_turns);
    m_turnPanel->addControl(m_turns->legend());
    m_turns->legend()->show();
    right->addWidget(m_wavePanel, 1);
    right->addWidget(m_turnPanel, 1);
    m_row->addLayout(right, 1);
    connect(m_phases, &Map::selected, this, [this](int, int pair) { m_study.setPair(pair); });
    connect(m_waves, &Plot::handMoved, this, [this](double pair) { m_study.setPair(static_cast<int>(std::lround(pair))); });
    connect(m_turns, &Plot::handMoved, this, [this](double distance) { m_study.setDistance(static_cast<int>(std::lround(distance))); });
    connect(&study, &RopeStudy::vectorsChanged, this, &RopePhases::showVectors);
    connect(&study, &RopeStudy::positionsChanged, this, &RopePhases::showDistance);
    keepSpacing(m_row, ropePhasesGap);
    keepSpacing(right, ropePhasesGap);
}

void RopePhases::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    showVectors();
}

void RopePhases::showVectors() {
    if (!isVisible()) return;  // told anew when shown
    const std::vector<double> theta = thetasOf(m_study);
    if (theta.empty()) return;
    const int rows = std::min(std::max(m_study.length(), m_study.trainedLength()), ropePhasesMostShownRows);
    m_phases->setData(mapOf(phaseTable(theta, rows), rows, m_study.pairs()), {ColorMap::Kind::phase, -std::numbers::pi, std::numbers::pi});
    m_phasePanel->setSubtitle(
        tr("one turn of the colours: \u2212"
           "180\u00B0 is +180\u00B0"));
    const int slow = unfinishedPairs(theta, m_study.trainedLength());
    m_wavePanel->setSubtitle(
        slow == 0 ? counted(LAB_PLURAL("positions", "every pair completes a turn within %n token(s)"), m_study.trainedLength())
                  : counted(LAB_PLURAL("positions", "%1 of %2 pairs never complete a turn within %n token(s)"), m_study.trainedLength(),
                            {QString::number(slow), QString::number(theta.size())}));
    PlotSeries waves{tr("tokens a turn"), Role::series1};
    waves.squares = true;
    for (std::size_t p = 0; p < theta.size(); ++p) {
        waves.x.push_back(static_cast<double>(p));
        waves.y.push_back(wavelength(theta[p]));
    }
    m_waves->setXRange(-0.5, static_cast<double>(theta.size()) - 0.5);
    m_waves->setLevel(m_study.trainedLength(), tr("training length %1").arg(grouped(m_study.trainedLength())));
    m_waves->setSeries({std::move(waves)});
    showPair();
}

void RopePhases::showPair() {
    if (!isVisible() || m_study.pairs() == 0) return;  // told anew when shown
    const int pair = m_study.pair();
    m_phases->setSelection({m_phases->selection().row >= 0 ? m_phases->selection().row : m_study.queryPosition(), pair});
    m_waves->setHand(pair, tr("pair %1").arg(pair));
    const int reach = 2 * std::max(m_study.trainedLength(), 8);
    PlotSeries share{tr("pair %1").arg(pair), Role::series1};
    for (int i = 0; i <= valuesPerToken * 2 * reach; ++i) {
        const double distance = -reach + static_cast<double>(i) / valuesPerToken;
        share.x.push_back(distance);
        share.y.push_back(m_study.geometry().term(pair, distance));
    }
    const double largest =
        std::abs(*std::max_element(share.y.begin(), share.y.end(), [](double a, double b) { return std::abs(a) < std::abs(b); }));
    m_turnPanel->setTitle(tr("What pair %1 adds at each distance").arg(pair));
    m_turns->setXRange(-reach, reach);
    m_turns->setYRange(std::pair(-1.1 * std::max(largest, 1e-6), 1.1 * std::max(largest, 1e-6)));
    m_turns->setShaded(m_study.trainedDistances(), m_study.seenLabel());
    m_turns->setSeries({std::move(share)});
    showDistance();
}

void RopePhases::showDistance() {
    m_turns->setHand(m_study.distance(), QStringLiteral("m\u2212n = ") + fixed(m_study.distance(), 0));
}

}  // namespace lab
