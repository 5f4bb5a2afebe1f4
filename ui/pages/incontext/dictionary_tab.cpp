#include "ui/pages/incontext/dictionary_tab.h"

#include <QGridLayout>
#include <QJsonObject>
#include <algorithm>
#include <cmath>
#include <functional>

#include "core/config/validation.h"
#include "core/sweep/finished_results.h"
#include "core/sweep/results_table.h"
#include "core/tasks/glossary.h"
#include "ui/pages/incontext/dictionary_table.h"
#include "ui/pages/incontext/dictionary_ways.h"
#include "ui/text/message_text.h"
#include "ui/widgets/column.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int tabGap = 8, dictionaryMargin = 6;            // logical px at 100 %
constexpr double leftOfPoints = 0.8, rightOfPoints = 1.8;  ///< names stand to the right of the last ones
constexpr int smallestGrown = 8;                           ///< entries at the left end of the growth plot
const QString sizeKey = QStringLiteral("entries"), measureKey = QStringLiteral("measure");
constexpr DictionaryMeasure measures[] = {DictionaryMeasure::kept, DictionaryMeasure::anew, DictionaryMeasure::memory};
constexpr DictionaryKind ways[] = {DictionaryKind::none, DictionaryKind::context, DictionaryKind::attended, DictionaryKind::standing};

/// Smallest and largest x of all points; 1 and 1 of none.
std::pair<double, double> rangeOf(const std::vector<PlotSeries>& series) {
    std::vector<double> all;
    for (const PlotSeries& each : series) all.insert(all.end(), each.x.begin(), each.x.end());
    if (all.empty()) return {1, 1};
    const auto [low, high] = std::ranges::minmax(all);
    return {low, high};
}

/// The name of a curve stands beside its last point.
void nameAtEnd(PlotSeries& series) {
    if (!series.x.empty()) series.pointNames.push_back({series.x.size() - 1, series.name});
}

}  // namespace

DictionaryTab::DictionaryTab(Focus& focus, Workspace& workspace, QWidget* parent) : IncontextTab(focus, workspace, parent) {
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->addWidget(makeLeft(), 0, 0);
    m_right = makeRight();
    m_grid->addWidget(m_right, 0, 1);
    m_grid->setColumnStretch(0, 6);
    m_grid->setColumnStretch(1, 5);
    followTheme(this, &DictionaryTab::applyMeasures);
}

QWidget* DictionaryTab::makeLeft() {
    auto* left = new QWidget(this);
    QVBoxLayout* rows = column(left);
    keepSpacing(rows, tabGap);
    auto* accuracy = new PanelFrame(tr("Accuracy against cost"));
    m_accuracy = named("incontext.dictionary.accuracy", new Plot(tr("Accuracy against cost")));
    m_accuracy->setScales(AxisScale::logarithmic, AxisScale::linear);
    m_accuracy->setYRange(std::pair(0.0, 1.05));
    m_accuracy->setReading([](double value) { return percent(value); });
    m_accuracy->setEmptyText(tr("No sweep over dictionaries comes with this program"));
    accuracy->addControl(m_accuracy->legend());
    accuracy->setContent(m_accuracy);
    rows->addWidget(accuracy, 3);
    m_tablePanel = new PanelFrame(tr("What it costs"));
    auto* body = new QWidget;
    QVBoxLayout* lines = column(body);
    m_table = named("incontext.dictionary.table", new DictionaryWaysTable);
    m_sentence = new ThemedLabel({}, TextSize::text, Role::text, true);
    m_rest = new ThemedLabel({}, TextSize::axis, Role::muted);
    lines->addWidget(m_table, 1);
    for (ThemedLabel* label : {m_sentence, m_rest}) {
        label->setWordWrap(true);
        label->setContentsMargins(dictionaryMargin, 2, dictionaryMargin, 2);
        lines->addWidget(label);
    }
    m_tablePanel->setContent(body);
    rows->addWidget(m_tablePanel, 2);
    return left;
}

QWidget* DictionaryTab::makeRight() {
    auto* right = new QWidget(this);
    QVBoxLayout* rows = column(right);
    keepSpacing(rows, tabGap);
    auto* drawn = new PanelFrame(tr("Four ways to give a model a dictionary"));
    m_ways = new DictionaryWays;
    drawn->setContent(m_ways);
    rows->addWidget(drawn, 3);
    auto* growth = new PanelFrame(tr("When the dictionary grows"));
    m_growth = named("incontext.dictionary.growth", new Plot(tr("When the dictionary grows")));
    m_growth->setScales(AxisScale::logarithmic, AxisScale::logarithmic);
    m_growth->setReading(multiplyAdds);
    growth->addControl(m_growth->legend());
    growth->setContent(m_growth);
    rows->addWidget(growth, 2);
    connect(m_growth, &Plot::handMoved, this, [this](double x) { setSize(static_cast<int>(std::lround(x))); });
    return right;
}

QWidget* DictionaryTab::controls() {
    QStringList choices;
    for (const DictionaryMeasure measure : measures) choices.push_back(dictionaryMeasureWords(measure).choice);
    m_measures = named("incontext.dictionary.measure", new SegmentedControl(choices, tr("What accuracy is drawn against")));
    for (const DictionaryMeasure measure : measures)
        m_measures->setChoiceToolTip(static_cast<int>(measure), dictionaryMeasureWords(measure).help);
    m_measures->setCurrent(static_cast<int>(m_measure));
    m_measures->setEnabled(!m_loaded || !m_points.empty());
    connect(m_measures, &SegmentedControl::chosen, this, [this](int index) { setMeasure(measures[index]); });
    return m_measures;
}

/// Once, when the tab is first shown: its rows come with the program and do not change.
void DictionaryTab::load() {
    m_loaded = true;
    for (const FinishedResult& result : finishedResults()) {
        const Sweep sweep = gridOf(result);
        if (sweep.base.task.kind->source != TaskSource::glossary) continue;
        return take(sweep.base, dictionaryPoints(sweep, parseResults(result.csv, std::string(result.name))),
                    shown(Message(madeBy(result))));
    }
    showAll();
}

void DictionaryTab::take(const Experiment& base, std::vector<DictionaryPoint> points, const QString& origin) {
    m_loaded = true;
    m_base = base;
    m_points = std::move(points);
    m_origin = origin;
    const std::vector<int> sizes = dictionarySizes(m_points);
    m_size = m_standardSize = sizes.empty() ? 0 : sizes[sizes.size() / 2];
    showAll();
}

/// Without rows the plot of accuracy alone, which says that there are none.
void DictionaryTab::showAll() {
    m_right->setVisible(!m_points.empty());
    m_tablePanel->setVisible(!m_points.empty());
    if (m_measures) m_measures->setEnabled(!m_points.empty());
    showAccuracy();
    showGrowth();
    showSize();
}

void DictionaryTab::refresh() {
    if (!m_loaded) load();
}

void DictionaryTab::setSize(int entries) {
    const std::vector<int> sizes = dictionarySizes(m_points);
    if (sizes.empty()) return;
    const auto farness = [entries](int size) { return std::abs(std::log(static_cast<double>(size) / std::max(1, entries))); };
    const int nearest = *std::ranges::min_element(sizes, {}, farness);
    m_growth->setHand(nearest, tr("%1 entries").arg(grouped(nearest)));  // also back from where the hand was let go
    if (nearest == m_size) return;
    m_size = nearest;
    showSize();
    showAccuracy();
    emit changed();
}

void DictionaryTab::setMeasure(DictionaryMeasure measure) {
    if (m_measure == measure) return;
    m_measure = measure;
    if (m_measures) m_measures->setCurrent(static_cast<int>(measure));
    showAccuracy();
    emit changed();
}

void DictionaryTab::showAccuracy() {
    std::vector<PlotSeries> series;
    for (const DictionaryKind kind : ways) {
        PlotSeries curve{.name = dictionaryName(kind), .role = dictionaryRole(kind), .squares = true};
        std::vector<const DictionaryPoint*> points;
        for (const DictionaryPoint& point : m_points)
            if (point.kind == kind && measured(point.cost, m_measure) > 0) points.push_back(&point);
        std::ranges::stable_sort(points, {}, [this](const DictionaryPoint* p) { return measured(p->cost, m_measure); });
        for (const DictionaryPoint* point : points) {
            curve.x.push_back(measured(point->cost, m_measure));
            curve.y.push_back(point->accuracy);
            if (kind != DictionaryKind::none && (point->entries == m_size || points.size() < 3))
                curve.pointNames.push_back({curve.x.size() - 1, grouped(point->entries)});
        }
        nameAtEnd(curve);
        if (!curve.x.empty()) series.push_back(std::move(curve));
    }
    const auto [low, high] = rangeOf(series);
    m_accuracy->setXRange(low * leftOfPoints, high * rightOfPoints);
    m_accuracy->setXTitle(dictionaryMeasureWords(m_measure).axis);
    m_accuracy->setLevel(m_points.empty() ? std::nullopt : std::optional(glossaryConfig(m_base.task).chance()), tr("chance"));
    m_accuracy->setSeries(std::move(series));
}

void DictionaryTab::showGrowth() {
    const std::vector<int> sizes = dictionarySizes(m_points);
    if (sizes.empty()) return;
    std::vector<PlotSeries> series;
    for (const DictionaryKind kind : ways) {
        PlotSeries curve{.name = dictionaryName(kind), .role = dictionaryRole(kind)};
        for (int entries = smallestGrown; entries <= sizes.back(); entries *= 2) {
            Experiment e = m_base;
            e.model.dictionary.kind = kind;
            e.task.parameters.set("entries", entries);
            curve.x.push_back(entries);
            curve.y.push_back(dictionaryCost(resolved(e)).answer);
        }
        nameAtEnd(curve);
        series.push_back(std::move(curve));
    }
    m_growth->setXTitle(tr("entries of the dictionary, multiply-adds an answer, log"));
    m_growth->setXRange(smallestGrown, sizes.back());
    m_growth->setSeries(std::move(series));
    m_growth->setHand(m_size, tr("%1 entries").arg(grouped(m_size)));
}

void DictionaryTab::showSize() {
    if (m_points.empty()) return;
    std::vector<DictionaryPoint> rows;
    for (const DictionaryKind kind : ways)
        if (const DictionaryPoint* point = dictionaryPoint(m_points, kind, m_size)) rows.push_back(*point);
    const GlossaryConfig task = glossaryConfig(m_base.task);
    m_ways->setPoints(rows, task.textTokens(), task.entryTokens());
    std::ranges::stable_sort(rows, std::greater(), &DictionaryPoint::accuracy);
    m_table->setPoints(std::move(rows));
    m_tablePanel->setSubtitle(tr("dictionaries of %1 entries").arg(grouped(m_size)));
    QStringList rest;
    const std::vector<Message> found = dictionaryFindings(m_points, m_size);
    for (std::size_t i = 1; i < found.size(); ++i) rest.push_back(shown(found[i]));
    m_sentence->setText(found.empty() ? QString() : shown(found.front()));
    m_rest->setText(sentences(rest));
    m_rest->setToolTip(m_origin);
}

QString DictionaryTab::sentence() const {
    return m_sentence->text();
}

void DictionaryTab::applyMeasures() {
    m_grid->setSpacing(Theme::instance().px(tabGap));
}

TabHeading DictionaryTab::heading() const {
    return {tr("A dictionary beside the text"), tr("made-up words, defined anew for every text")};
}

FigureSubject DictionaryTab::subject() const {
    return {heading().title};
}

std::vector<FigureOffer> DictionaryTab::figures() {
    if (m_points.empty()) return {};
    std::vector<FigureOffer> offers = partOffers(*this, subject());
    offers.push_back(tableOffer(tr("What it costs"), *m_table, tr("ways to give a dictionary of %1 entries").arg(m_size), subject()));
    return offers;
}

QJsonObject DictionaryTab::notes() const {
    QJsonObject notes;
    if (m_size != m_standardSize) notes[sizeKey] = m_size;
    if (m_measure != DictionaryMeasure::kept) notes[measureKey] = static_cast<int>(m_measure);
    return notes;
}

void DictionaryTab::takeNotes(const QJsonObject& notes) {
    refresh();
    setSize(notes.contains(sizeKey) ? notes[sizeKey].toInt() : m_standardSize);
    setMeasure(measures[std::clamp(notes[measureKey].toInt(), 0, 2)]);
}

IncontextTab* makeDictionaryTab(Focus& focus, Workspace& workspace, QWidget* parent) {
    return new DictionaryTab(focus, workspace, parent);
}

}  // namespace lab
