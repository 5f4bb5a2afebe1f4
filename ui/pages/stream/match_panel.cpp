#include "ui/pages/stream/match_panel.h"

#include <QStackedWidget>

#include "ui/pages/stream/elhage.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"

namespace lab {

void fillCircuitMap(Map& map, const Eigen::MatrixXd& cells, const QStringList& names) {
    std::vector<float> values;
    for (std::ptrdiff_t r = 0; r < cells.rows(); ++r)
        for (std::ptrdiff_t c = 0; c < cells.cols(); ++c) values.push_back(static_cast<float>(cells(r, c)));
    const MapData data = mapOf(std::move(values), static_cast<int>(cells.rows()), static_cast<int>(cells.cols()));
    map.setData(data, balancedScaling(data));
    const std::vector<QString> each(names.begin(), names.end());
    map.setNames(each, each);
}

Map* circuitMap(const QString& name, const QString& subject) {
    auto* map = named(name, new Map(MapForm::values(), subject));
    map->setSquare(true);
    return map;
}

MatchPanel::MatchPanel(QWidget* parent) : PanelFrame(tr("QK: who is looked for"), parent) {
    setShortTitle(tr("QK"));
    m_way = named("stream.circuits.way", new SegmentedControl({tr("direct"), tr("via"), tr("positions")}, tr("Keys are")));
    m_way->setHeight(20);
    addControl(m_way);
    m_map = circuitMap(QStringLiteral("stream.circuits.match"), tr("QK: who is looked for"));
    m_map->setQuantity(tr("score"), [](double score) { return signedFixed(score, 2); });
    m_distances = named("stream.circuits.distances", new Plot(tr("Score by distance")));
    m_distances->setXTitle(tr("positions from the key to its query"));
    m_distances->setReading([](double score) { return signedFixed(score, 2); });
    m_distances->setToolTip(tr("RoPE turns queries and keys by their positions, so that a score depends on how far the key lies before its "
                               "query: the mean over "
                               "all pairs of these tokens.") +
                            QLatin1Char('\n') + elhageSource());
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_map);
    m_stack->addWidget(m_distances);
    setContent(m_stack);
    connect(m_way, &SegmentedControl::chosen, this, &MatchPanel::wayChosen);
}

MatchPanel::Way MatchPanel::way() const {
    return static_cast<Way>(m_way->current());
}

void MatchPanel::setWay(Way way) {
    m_way->setCurrent(static_cast<int>(way));
}

void MatchPanel::showLook(const CircuitLook& look, const QStringList& tokens, const QString& first) {
    const bool rotates = !look.byDistance.empty(), placed = rotates || look.byPosition.size() > 0;
    m_way->setChoiceText(1, tr("via %1").arg(first));
    m_way->setChoiceEnabled(2, placed, tr("No position stands in what these heads read"));
    if (placed) m_way->setChoiceToolTip(2, tr("What a score owes to the positions of query and key alone"));
    if (!placed && way() == Way::positions) setWay(Way::direct);
    setSubtitle(rotates && way() != Way::positions ? tr("at distance 0") : QString());
    m_stack->setCurrentIndex(way() == Way::positions && rotates ? 1 : 0);
    if (way() == Way::positions) return showPositions(look);
    const bool through = way() == Way::through;
    m_map->setTip(tr("q · k / √d of a query token and a key token, as the head would read them if nothing had been added to them; without "
                     "positions. Via the earlier head: the key is what that head writes when it looks at the token alone.") +
                  QLatin1Char('\n') + elhageSource());
    m_map->setAxes(tr("query token"), through ? tr("token that %1 looked at").arg(first) : tr("key token"));
    fillCircuitMap(*m_map, (through ? look.through : look.direct).scores, tokens);
}

void MatchPanel::showPositions(const CircuitLook& look) {
    if (!look.byDistance.empty()) {
        PlotSeries scores;
        scores.name = tr("score");
        scores.dots = true;
        scores.y = look.byDistance;
        for (std::size_t distance = 0; distance < scores.y.size(); ++distance) scores.x.push_back(static_cast<double>(distance));
        m_distances->setXRange(0, std::max(scores.x.back(), 1.0));
        m_distances->setSeries({std::move(scores)});
        return;
    }
    QStringList positions;
    for (std::ptrdiff_t p = 0; p < look.byPosition.rows(); ++p) positions << QString::number(p);
    m_map->setTip(tr("q · k / √d of two positions, as the head would read their vectors if nothing else stood in the stream.") +
                  QLatin1Char('\n') + elhageSource());
    m_map->setAxes(tr("query position"), tr("key position"));
    fillCircuitMap(*m_map, look.byPosition, positions);
}

}  // namespace lab
