#include "ui/pages/memory/capacity_panel.h"

#include <QHBoxLayout>
#include <algorithm>

#include "ui/pages/memory/recall_study.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/column.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

constexpr int capacityGap = 4;  // logical px at 100 %
constexpr Role curveRoles[] = {Role::series1, Role::series2, Role::series3, Role::series4};

RecallMode modeOf(const MemoryValue& value) {
    return value.synchronous ? RecallMode::synchronous : RecallMode::asynchronous;
}

}  // namespace

CapacityPanel::CapacityPanel(QWidget* parent)
    : PanelFrame(tr("How many fit?"), parent), m_worker(m_post.poster(), Worker::Priority::givesWay) {
    m_shows = named("memory.capacity.shows", new SegmentedControl({tr("overlap"), tr("exact"), tr("basins")}, tr("What is measured")));
    m_shows->setHeight(20);
    m_shows->setChoiceToolTip(0, tr("How much of a pattern comes out, against the load P/N: the mean overlap m"));
    m_shows->setChoiceToolTip(1, tr("How often a pattern comes out without one wrong pixel, against the load P/N"));
    m_shows->setChoiceToolTip(2, tr("Of the stored patterns: overlap of the query with its pattern against that of what comes out"));
    m_start = named("memory.capacity.start", new Button(tr("Measure")));
    m_start->setHeight(20);
    m_start->setWidthFor({tr("Measure"), tr("Cancel"), tr("Again")});
    m_plot = named("memory.capacity.plot", new Plot(tr("Capacity")));
    m_plot->setReading([](double value) { return fixed(value, 2); });
    m_plot->setYRange(std::pair(0.0, 1.05));
    m_plot->setEmptyText(tr("Not measured yet: press Measure"));
    m_plot->setToolTip(
        tr("Hebb\u2019s rule, for large N: some 0.138 N random patterns with a few per cent of wrong pixels (Amit, Gutfreund, Sompolinsky "
           "1985); nearly all of them without errors up to N/(2 ln N), all of them up to N/(4 ln N) (McEliece et al. 1987)."));
    m_plot->legend()->setRows(2);
    m_plot->legend()->show();
    addControl(m_start);
    auto* body = new QWidget;
    QVBoxLayout* rows = column(body);
    keepSpacing(rows, QMargins(panelGap, capacityGap, panelGap, 0), 0);
    auto* choice = new QWidget;
    auto* line = new QHBoxLayout(choice);
    keepSpacing(line, QMargins(), panelGap);
    line->addWidget(m_shows);
    line->addStretch(1);
    rows->addWidget(choice);
    rows->addWidget(m_plot->legend());
    rows->addWidget(m_plot, 1);
    setContent(body);
    connect(m_shows, &SegmentedControl::chosen, this, &CapacityPanel::showCurves);
    connect(m_start, &Button::clicked, this, [this] {
        if (!cancel()) start();
    });
    showCurves();
}

CapacityPanel::~CapacityPanel() = default;

CapacityPanel::Shows CapacityPanel::shows() const {
    return static_cast<Shows>(m_shows->current());
}

void CapacityPanel::setValue(const MemoryValue& value) {
    if (value.patterns == m_value.patterns && value.noise == m_value.noise && value.synchronous == m_value.synchronous &&
        value.seed == m_value.seed && value.query.pixels() == m_value.query.pixels())
        return;
    m_value = value;
    showCurves();
}

void CapacityPanel::measureLoads(const MemoryValue& value, int draws, const Tell& tell, const Stopped& stopped) {
    CapacityQuestion question;
    question.neurons = value.query.pixels();
    question.patterns = patternsOfLoads(question.neurons, usualLoads());
    std::erase_if(question.patterns, [&](int count) { return count > mostPatterns || count > question.neurons; });
    question.flip = value.noise / 100.0;
    question.draws = draws;
    question.seed = value.seed;
    Progress progress;
    const auto rules = storageRules();
    for (std::size_t r = 0; r < rules.size(); ++r) {
        progress.found.push_back({std::string(rules[r]->name), {}, {}});
        const auto told = [&](const std::vector<CapacityPoint>& points, double share) {
            progress.found.back().loads = points;
            progress.share = (static_cast<double>(r) + share) / static_cast<double>(rules.size());
            tell(progress);
        };
        capacityCurve(classicalMemory(*rules[r], modeOf(value)), question, 1, stopped, told);
        if (stopped()) return;
    }
}

void CapacityPanel::measureBasins(const MemoryValue& value, int draws, const Tell& tell, const Stopped& stopped) {
    Progress progress;
    const auto rules = storageRules();
    for (std::size_t r = 0; r < rules.size(); ++r) {
        const HopfieldNet net(*rules[r], value.patterns);
        BasinQuestion question;
        question.flips = usualFlips();
        question.mode = modeOf(value);
        question.draws = draws;
        question.seed = value.seed;
        progress.found.push_back({std::string(rules[r]->name), {}, {}});
        const auto told = [&](const std::vector<BasinPoint>& points, double share) {
            progress.found.back().basins = points;
            progress.share = (static_cast<double>(r) + share) / static_cast<double>(rules.size());
            tell(progress);
        };
        basinCurve(net, question, stopped, told);
        if (stopped()) return;
    }
}

void CapacityPanel::start() {
    const bool basins = shows() == Shows::basins;
    if (basins && m_value.patterns.empty()) return;
    m_which = basins ? 1 : 0;
    m_measuring = true;
    m_share = 0;
    m_measured[m_which] = m_value;
    m_found[m_which].clear();
    m_worker.request(
        [this, basins, value = m_value, draws = m_draws](Worker::Context& context) {
            Progress last;
            const Tell tell = [&](Progress progress) {
                last = progress;
                context.progress([this, progress = std::move(progress)] { take(progress, false); });
            };
            const Stopped stopped = [&context] { return context.cancelled(); };
            basins ? measureBasins(value, draws, tell, stopped) : measureLoads(value, draws, tell, stopped);
            context.tell([this, last] { take(last, true); });
        },
        [this](const Message&) {
            m_measuring = false;
            showCurves();
        });
    showCurves();
}

bool CapacityPanel::cancel() {
    if (!m_measuring) return false;
    m_worker.cancel();
    m_measuring = false;
    showCurves();
    return true;
}

void CapacityPanel::take(const Progress& progress, bool whole) {
    m_found[m_which] = progress.found;
    m_share = progress.share;
    m_measuring = !whole;
    showCurves();
}

QString CapacityPanel::subject(const MemoryValue& value) const {
    const QString mode = shown(Message(specOf(modeOf(value)).title));
    return shows() == Shows::basins ? tr("%1 stored patterns, %2").arg(value.patterns.size()).arg(mode)
                                    : tr("random, %1 pixels, %2 % flipped, %3").arg(value.query.pixels()).arg(value.noise).arg(mode);
}

void CapacityPanel::showButton() {
    const bool basins = shows() == Shows::basins;
    const std::optional<MemoryValue>& measured = m_measured[basins ? 1 : 0];
    m_start->setText(m_measuring ? tr("Cancel") : measured ? tr("Again") : tr("Measure"));
    m_start->setEnabled(m_measuring || !basins || !m_value.patterns.empty());
    m_start->setToolTip(m_measuring ? tr("Stops it and keeps what there is (Escape)")
                                    : tr("All rules, %1 draws a point, on a thread of its own; some seconds").arg(m_draws));
    const QString of = subject(measured.value_or(m_value));
    setSubtitle(m_measuring && m_which == (basins ? 1 : 0) ? tr("%1 \u00B7 %2").arg(of, percent(m_share, 0)) : of);
}

void CapacityPanel::showCurves() {
    const Shows what = shows();
    const bool basins = what == Shows::basins;
    std::vector<PlotSeries> series;
    for (const Found& found : m_found[basins ? 1 : 0]) {
        PlotSeries curve{.name = ruleBrief(found.rule), .role = curveRoles[series.size() % std::size(curveRoles)], .squares = true};
        for (const CapacityPoint& point : found.loads) {
            if (point.draws == 0) continue;
            curve.x.push_back(point.load);
            curve.y.push_back(what == Shows::exact ? point.exact : point.overlap);
        }
        for (const BasinPoint& point : found.basins) {
            curve.x.push_back(point.overlapIn);
            curve.y.push_back(point.overlapOut);
        }
        if (basins) {
            std::ranges::reverse(curve.x);
            std::ranges::reverse(curve.y);
        }
        if (!curve.x.empty()) series.push_back(std::move(curve));
    }
    m_plot->setXTitle(basins ? tr("overlap of the query with its pattern") : tr("load: patterns / pixels"));
    const double load = m_value.query.pixels() > 0 ? static_cast<double>(m_value.patterns.size()) / m_value.query.pixels() : 0;
    const bool any = !series.empty();
    m_plot->setXRange(0, basins ? 1 : std::max(0.72, load));
    m_plot->setSeries(std::move(series));
    const double pixels = std::max(1, m_value.query.pixels());
    m_plot->setMarks(
        basins || !any ? std::vector<PlotScene::Mark>()
                       : std::vector{PlotScene::Mark{hebbCapacity, tr("Hebb: 0.138 N = %1").arg(static_cast<int>(hebbCapacity * pixels))}});
    if (basins || !any)
        m_plot->setHand(std::nullopt);
    else
        m_plot->setHand(load, tr("load %1").arg(fixed(load, 3)), false);
    showButton();
}

}  // namespace lab
