#include "ui/pages/positions/rope_circles.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cstdlib>

#include "ui/pages/positions/pair_columns.h"
#include "ui/pages/positions/pair_grid.h"
#include "ui/pages/positions/pair_legend.h"
#include "ui/pages/positions/pair_table.h"
#include "ui/pages/positions/score_bars.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/column.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/phase_circle.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/position_slider.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int largeWidth = 316;
constexpr int allWidth = 414;
constexpr int barsWidth = 454;
constexpr int widePage = 1400, tallPage = 560;        ///< from here on circles and bars share their columns
constexpr std::array<int, 3> wideShares = {4, 9, 4};  ///< of its width
constexpr int ropeCirclesLeastSlot = 60;              ///< of a column that circle and bar share
constexpr int ropeCirclesGap = 8;
constexpr int playMilliseconds = 200;
constexpr int curveValuesPerToken = 6;
constexpr int mostCurveTokens = 64;  ///< on either side of 0

}  // namespace

void plotScoreAgainstDistance(Plot& plot, const RopeStudy& study) {
    int reach = std::min(std::max({study.trainedLength(), study.length(), 16}), mostCurveTokens);
    while (std::abs(study.distance()) > reach) reach *= 2;  // the hand stays on the curve
    const DistanceCurves curves =
        distanceCurves(study.geometry(), study.pair(), -reach, reach, reach <= mostCurveTokens ? curveValuesPerToken : 2);
    plot.setReading([decimals = study.decimals()](double value) { return fixed(value, decimals); });
    PlotSeries score{study.sumName(), Role::series1, 2.5};
    score.dots = reach <= 40;
    score.x = curves.distance;
    score.y = curves.score;
    PlotSeries shortcut{RopeCircles::tr("|q||k| cos((m\u2212n)\u03B8)"), Role::series2, 1.8};
    shortcut.verdict = verdictText(false, RopeCircles::tr("false"));
    shortcut.x = curves.distance;
    shortcut.y = curves.shortcut;
    score.high = curves.envelope;
    for (const double value : curves.envelope) score.low.push_back(-value);
    score.bandName = RopeCircles::tr("envelope");
    plot.setXRange(-reach, reach);
    plot.setSeries({std::move(score), std::move(shortcut)});
    plot.setShaded(study.trainedDistances(), study.seenLabel());
    plot.setHand(study.distance(), QStringLiteral("m\u2212n = ") + fixed(study.distance(), 0));
}

RopeCircles::RopeCircles(RopeStudy& study, QWidget* parent) : QWidget(parent), m_study(study) {
    m_rows = column(this);
    m_upper = new QHBoxLayout;
    m_lower = new QHBoxLayout;
    m_upper->addWidget(makeLargePair());
    m_upper->addWidget(makeAllPairs());
    m_upper->addWidget(makeNumbers(), 1);
    m_barsPanel = new PanelFrame(QString(), this);
    auto* bars = new QWidget;
    m_barsBody = column(bars);
    m_bars = new ScoreBars(study);
    m_barsBody->addWidget(m_bars);
    m_barsPanel->setContent(bars);
    m_lower->addWidget(m_barsPanel);
    m_lower->addWidget(makeCurve(), 1);
    m_rows->addLayout(m_upper, 346);
    m_rows->addLayout(m_lower, 222);
    m_play.setInterval(playMilliseconds);
    connect(&m_play, &QTimer::timeout, this, [this] {
        const int next = m_study.queryPosition() + 1;
        m_study.setPositions(next > m_study.lastPosition() ? 0 : next, m_study.keyPosition());
    });
    connect(&study, &RopeStudy::vectorsChanged, this, &RopeCircles::showVectors);
    connect(&study, &RopeStudy::positionsChanged, this, &RopeCircles::showPositions);
    followTheme(this, &RopeCircles::applyMeasures);
}

QWidget* RopeCircles::makeLargePair() {
    m_largePanel = new PanelFrame(QString(), this);
    auto* body = new QWidget;
    auto* layout = column(body);
    m_circle = named("positions.circles.pair", new PhaseCircle);
    m_legend = new PairLegend(m_study);
    layout->addWidget(m_circle, 1);
    layout->addWidget(m_legend);
    m_largePanel->setContent(body);
    connect(m_circle, &PhaseCircle::positionsMoved, &m_study, &RopeStudy::setPositions);
    connect(m_circle, &PhaseCircle::vectorMoved, &m_study, &RopeStudy::setVector);
    return m_largePanel;
}

QWidget* RopeCircles::makeAllPairs() {
    m_allPanel = new PanelFrame(QString(), this);
    m_otherVectors = named("positions.circles.others", new Button(tr("Others")));
    m_otherVectors->setHeight(20);
    m_otherVectors->setToolTip(tr("Draws other free vectors. Dragging a dashed arrow changes one by hand."));
    m_source = named("positions.circles.vectors", new SegmentedControl({tr("model"), tr("free")}, tr("Vectors")));
    m_source->setHeight(20);
    m_source->setChoiceToolTip(0, tr("q and k of the token in hand, before any rotation"));
    m_source->setChoiceToolTip(1, tr("Free vectors: drag the dashed arrows"));
    m_allPanel->addControl(m_otherVectors);
    m_allPanel->addControl(m_source);
    auto* body = new QWidget;
    m_allBody = column(body);
    m_grid = named("positions.circles.pairs", new PairGrid(m_study));
    m_allBody->addWidget(m_grid, 1);
    m_allBody->addWidget(makeControls());
    m_allPanel->setContent(body);
    connect(m_source, &SegmentedControl::chosen, this, [this](int index) { m_study.setFree(index == 1); });
    connect(m_otherVectors, &QPushButton::clicked, &m_study, &RopeStudy::drawFreeVectors);
    return m_allPanel;
}

QWidget* RopeCircles::makeControls() {
    auto* controls = new QWidget;
    controls->setAutoFillBackground(true);
    controls->setBackgroundRole(QPalette::AlternateBase);
    auto* layout = new QHBoxLayout(controls);
    auto* sliders = new QVBoxLayout;
    sliders->setSpacing(0);
    m_querySlider = named("positions.circles.query", new PositionSlider(tr("query at m"), Role::series3));
    m_keySlider = named("positions.circles.key", new PositionSlider(tr("key at n"), Role::series4));
    sliders->addWidget(m_querySlider);
    sliders->addWidget(m_keySlider);
    layout->addLayout(sliders, 1);
    auto* buttons = new QVBoxLayout;
    m_shift = named("positions.circles.shift", new Button(tr("Shift both +1")));
    m_playButton = named("positions.circles.play", new Button(tr("Play m")));
    m_playButton->setGlyph(Glyph::play);
    m_playButton->setToolTip(tr("Moves the query on, position by position"));
    for (Button* button : {m_shift, m_playButton}) button->setWidthFor({tr("Shift both +1"), tr("Play m"), tr("Stop")});
    m_shift->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    buttons->addWidget(m_shift);
    buttons->addWidget(m_playButton);
    layout->addLayout(buttons);
    connect(m_querySlider, &PositionSlider::moved, this, [this](int m) { m_study.setPositions(m, m_study.keyPosition()); });
    connect(m_keySlider, &PositionSlider::moved, this, [this](int n) { m_study.setPositions(m_study.queryPosition(), n); });
    connect(m_shift, &QPushButton::clicked, this, [this] { m_study.shiftBoth(1); });
    connect(m_playButton, &QPushButton::clicked, this, [this] { setPlaying(!playing()); });
    return controls;
}

QWidget* RopeCircles::makeNumbers() {
    m_numbersPanel = new PanelFrame(tr("Numbers"), this);
    m_numbersPanel->setOnScreen(false);
    m_pairing = named("positions.circles.pairing", new SegmentedControl({tr("interl."), tr("half")}, tr("Pairing of channels")));
    m_pairing->setHeight(20);
    m_pairing->setChoiceToolTip(0, tr("Channels 2p and 2p + 1 make pair p: the paper, GPT-J, Meta\u2019s LLaMA code"));
    m_pairing->setChoiceToolTip(1, tr("Channels p and p + d\u2095/2 make pair p: GPT-NeoX, HF-LLaMA, Mistral, Qwen"));
    m_numbersPanel->addControl(m_pairing);
    auto* body = new QWidget;
    auto* layout = column(body);
    layout->addWidget(named("positions.circles.table", new PairTable(m_study)), 1);
    layout->addWidget(new ScoreProof(m_study));
    m_numbersPanel->setContent(body);
    connect(m_pairing, &SegmentedControl::chosen, this,
            [this](int index) { m_study.setPairing(index == 0 ? RopePairing::interleaved : RopePairing::half); });
    return m_numbersPanel;
}

QWidget* RopeCircles::makeCurve() {
    m_curvePanel = new PanelFrame(QString(), this);
    m_curve = named("positions.circles.curve", new Plot(tr("Score against distance")));
    m_curve->setToolTip(
        tr("What the pairs of this q and k add up to at every distance; the envelope bounds it. Dashed: the shortcut |q||k| cos((m \u2212 "
           "n) \u03B8), "
           "which forgets the phases of q and k and the other pairs. Drag, or Left and Right, to change m \u2212 n."));
    m_curvePanel->setContent(m_curve);
    m_curvePanel->addControl(m_curve->legend());
    m_curve->legend()->show();
    connect(m_curve, &Plot::handMoved, this, [this](double distance) { m_study.setDistance(static_cast<int>(distance)); });
    return m_curvePanel;
}

void RopeCircles::applyMeasures() {
    const Theme& theme = Theme::instance();
    for (QHBoxLayout* row : {m_upper, m_lower}) row->setSpacing(theme.px(ropeCirclesGap));
    m_rows->setSpacing(theme.px(ropeCirclesGap));
    QLayout* controls = m_shift->parentWidget()->layout();
    controls->setContentsMargins(theme.px(12), theme.px(4), theme.px(10), theme.px(4));
    controls->setSpacing(theme.px(12));
    arrange();
}

void RopeCircles::arrange() {
    const Theme& theme = Theme::instance();
    m_wide = width() >= theme.px(widePage) && height() >= theme.px(tallPage);
    const int allPairs = width() * wideShares[1] / (wideShares[0] + wideShares[1] + wideShares[2]);
    const bool aligned = m_wide && PairColumns::in(allPairs, m_study.pairs()).slot >= theme.px(ropeCirclesLeastSlot);
    if (aligned != m_grid->aligned()) {
        m_grid->setAligned(aligned);
        m_bars->setAligned(aligned);
        if (aligned)
            m_allBody->insertWidget(1, m_bars, 1);
        else
            m_barsBody->addWidget(m_bars);
        m_allBody->setStretchFactor(m_grid, aligned ? 0 : 1);
        m_barsPanel->setVisible(!aligned);
    }
    // Narrow pages give what is left to the numbers and the curve. The least widths stay: they say how narrow the page may become again.
    const auto bound = [&](QWidget* part, int least, int most) {
        part->setMinimumWidth(theme.px(least));
        part->setMaximumWidth(m_wide ? QWIDGETSIZE_MAX : theme.px(most));
    };
    bound(m_largePanel, largeWidth - 80, largeWidth);
    bound(m_allPanel, allWidth - 94, allWidth);
    bound(m_barsPanel, barsWidth - 100, barsWidth);
    const std::array<int, 3> shares = m_wide ? wideShares : std::array{0, 0, 1};
    for (int i = 0; i < 3; ++i) m_upper->setStretch(i, shares[static_cast<std::size_t>(i)]);
    m_lower->setStretch(0, m_wide ? 2 : 0);
    m_lower->setStretch(1, m_wide ? 3 : 1);
    m_rows->setStretch(0, m_wide ? 5 : 346);
    m_rows->setStretch(1, m_wide ? 3 : 222);
}

void RopeCircles::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

void RopeCircles::setPlaying(bool playing) {
    if (playing)
        m_play.start();
    else
        m_play.stop();
    m_playButton->setText(playing ? tr("Stop") : tr("Play m"));
    m_playButton->setGlyph(playing ? Glyph::pause : Glyph::play);
}

void RopeCircles::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    showVectors();
}

void RopeCircles::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    setPlaying(false);
}

void RopeCircles::showVectors() {
    if (m_study.pairs() == 0 || !isVisible()) return;  // told anew when shown
    arrange();
    const double theta = m_study.geometry().pairs()[static_cast<std::size_t>(m_study.pair())].theta;
    m_largePanel->setTitle(tr("Pair %1").arg(m_study.pair()));
    m_largePanel->setSubtitle(tr("\u03B8 = %1, a turn in %2 tokens")
                                  .arg(significant(theta, 4), compact(wavelength(theta)).contains(QLatin1Char('k'))
                                                                  ? compact(wavelength(theta))
                                                                  : fixed(wavelength(theta), 1)));
    m_allPanel->setTitle(tr("All %1 pairs").arg(m_study.pairs()));
    m_allPanel->setSubtitle(m_study.isFree()    ? tr("free vectors")
                            : m_grid->aligned() ? tr("\u03B8 at right; below, how they add up to %1").arg(m_study.theSum())
                                                : tr("\u03B8 at right, what it adds below"));
    m_barsPanel->setTitle(counted(LAB_PLURAL("positions", "%n pair(s) add up to %1"), m_study.pairs(), {m_study.theSum()}));
    m_curvePanel->setTitle(m_study.sumIsScore() ? tr("Score by m \u2212 n") : tr("%1 by m \u2212 n").arg(m_study.sumName()));
    m_shift->setToolTip(sentences(
        {tr("Moves query and key by one position: m \u2212 n stays, and with it every pair\u2019s share and %1.").arg(m_study.theSum()),
         m_study.otherScores()}));
    m_barsPanel->setNote(tr("+ blue \u00B7 \u2212 red"));
    m_numbersPanel->setSubtitle(counted(LAB_PLURAL("positions", "base %1, %2 token(s)"), m_study.trainedLength(),
                                        {significant(m_study.rope().base, 3), grouped(m_study.trainedLength())}));
    m_pairing->setCurrent(m_study.rope().pairing == RopePairing::interleaved ? 0 : 1);
    m_source->setChoiceEnabled(0, m_study.hasModel(), tr("There is no model whose q and k could be shown"));
    m_source->setCurrent(m_study.isFree() ? 1 : 0);
    m_otherVectors->setVisible(m_study.isFree());
    m_circle->setVectorsMovable(m_study.isFree());
    showCurves();
    showPositions();
}

void RopeCircles::showCurves() {
    plotScoreAgainstDistance(*m_curve, m_study);
}

void RopeCircles::showPositions() {
    if (m_study.pairs() == 0 || !isVisible()) return;
    m_circle->setArrows(arrowsOf(m_study, m_study.pair()), m_study.lastPosition(), m_legend->spoken());
    m_querySlider->setPosition(m_study.queryPosition(), m_study.lastPosition(), m_study.trainedLength());
    m_keySlider->setPosition(m_study.keyPosition(), m_study.lastPosition(), m_study.trainedLength());
    const QString flag = QStringLiteral("m\u2212n = ") + fixed(m_study.distance(), 0);
    m_curve->setHand(m_study.distance(), flag);
    if (std::abs(m_study.distance()) > m_curve->scene().xAxis().high) showCurves();
}

}  // namespace lab
