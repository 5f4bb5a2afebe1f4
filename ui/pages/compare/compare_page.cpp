#include "ui/pages/compare/compare_page.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/base/enum_names.h"
#include "core/config/comparisons.h"
#include "core/data/dataset.h"
#include "ui/pages/compare/compare_figures.h"
#include "ui/pages/compare/compare_maps.h"
#include "ui/pages/compare/run_table.h"
#include "ui/scenes/guess_lines.h"
#include "ui/scenes/measure_words.h"
#include "ui/scenes/run_style.h"
#include "ui/text/data_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/fitted_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/page_header.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

constexpr int comparePageMargin = 8;     // logical px at 100 %
constexpr int titleRoom = 130;           // beside a plot's legend
constexpr int mostListedRows = 6;        // of the list before it scrolls
constexpr int bandPoints = 160;          // of a mean's curve
constexpr std::size_t linePoints = 160;  // more cost time with every picture and show nothing more
constexpr int comparePageMostMaps = 4;
constexpr double levels[] = {0.5, 0.9, 0.95, 0.99, 0.999};

QString percentText(double level) {
    return brief(100 * level, 4) + QStringLiteral(" %");
}

QString tidyNumber(double value) {
    return std::abs(value) < 1e6 ? grouped(std::llround(value)) : compact(value);
}

/// The run that the window shows lies on top, a little wider.
PlotSeries seriesNamed(const QString& name, int series, bool current) {
    PlotSeries result{name, seriesRole(series), current ? 2.6 : 1.8};
    result.onTop = current;
    return result;
}

}  // namespace

ComparePage::ComparePage(Focus& focus, Workspace& workspace, QWidget* parent) : Page(focus, parent), m_workspace(workspace) {
    makeHeader();
    m_about = new FittedText(this);
    m_about->setObjectName(QStringLiteral("about"));
    m_maps = new CompareMaps(focus, this);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_header);
    layout->addWidget(m_about);
    layout->addWidget(makeRunsPanel());
    layout->addWidget(makePlots(), 3);
    layout->addWidget(m_maps, 5);
    connectTable();
    connect(&workspace, &Workspace::runAdded, this, [this] { scheduleRefresh(); });
    connect(&workspace, &Workspace::runAboutToBeRemoved, this, &ComparePage::forget);
    connect(&workspace, &Workspace::runRemoved, this, [this] { scheduleRefresh(); });
    connect(&workspace, &Workspace::turnsChanged, this, [this] { scheduleRefresh(); });
    const auto watch = [this](Run* run) {
        for (auto signal : {&Run::stateChanged, &Run::wasReset}) connect(run, signal, this, [this] { scheduleRefresh(); });
        connect(run, &Run::metricsExtended, this, [this] { scheduleRefresh(); });
    };
    connect(&workspace, &Workspace::runAdded, this, watch);
    for (Run* run : workspace.runs()) watch(run);
    followTheme(this, &ComparePage::applyMeasures);
}

ComparePage::~ComparePage() = default;

void ComparePage::takeOver(const Page& other) {
    const auto& before = static_cast<const ComparePage&>(other);
    setShow(before.m_show);
    setAgainst(before.m_against);
}

void ComparePage::makeHeader() {
    m_header = new PageHeader(this);
    m_axis = named("compare.header.axis", new SegmentedControl({tr("steps"), tr("tokens"), tr("seconds")}, tr("Against")));
    m_axis->setChoiceToolTip(1, tr("Tokens read, from the run's first step here"));
    m_axis->setChoiceToolTip(2, tr("Computing time of the steps, without validation and waiting for the other runs"));
    m_curves = named("compare.header.curves", new SegmentedControl({tr("each run"), tr("± std"), tr("min–max")}, tr("Curves")));
    m_curves->setChoiceToolTip(1, tr("Mean over the seeds of a variant, ± their standard deviation (divided by n − 1)"));
    m_curves->setChoiceToolTip(2, tr("Mean over the seeds of a variant, between the smallest and the largest value"));
    m_header->addControl(m_axis, tr("Against"));
    m_header->addControl(m_curves, tr("Curves"));
    m_header->addControl(makeExportButton());
    connect(m_axis, &SegmentedControl::chosen, this, [this](int index) { setAgainst(static_cast<Effort>(index)); });
    connect(m_curves, &SegmentedControl::chosen, this, [this](int index) { setShow(static_cast<Show>(index)); });
}

Button* ComparePage::makeDuplicateButton() {
    auto* duplicate = named("compare.runs.duplicate", new Button(tr("Duplicate…")));
    duplicate->setToolTip(tr("A copy of the run shown with a change, or with other seeds (Ctrl+D)"));
    connect(duplicate, &Button::clicked, this, [this] {
        if (focus().run()) emit duplicateWanted(focus().run());
    });
    return duplicate;
}

Button* ComparePage::makeClassicMenu() {
    auto* button = named("compare.runs.classics", new Button(tr("Classic comparisons")));
    button->setGlyph(Glyph::chevronDown);
    button->setToolTip(tr("Replaces the open runs by variants of one experiment that differ in one thing, and trains them"));
    m_classics = new QMenu(button);
    m_classics->setToolTipsVisible(true);
    for (const bool seeds : {false, true}) {
        if (seeds) m_classics->addSeparator();
        for (std::size_t i = 0; i < comparisons().size(); ++i) {
            const QString name = dataText(DataFiles::comparisons, comparisons()[i].name);
            QAction* action =
                m_classics->addAction(seeds ? counted(LAB_PLURAL("compare", "%1 · %n seed(s) each"), comparisonSeeds, {name}) : name);
            action->setObjectName(QStringLiteral("compare.%1%2").arg(QString::fromStdString(comparisons()[i].key), seeds ? ".seeds" : ""));
            action->setToolTip(QStringLiteral("<p>%1</p>").arg(dataText(DataFiles::comparisons, comparisons()[i].about).toHtmlEscaped()));
            connect(action, &QAction::triggered, this, [this, i, seeds] { emit comparisonWanted(static_cast<int>(i), seeds); });
        }
    }
    button->setMenu(m_classics);
    return button;
}

QWidget* ComparePage::mainPart() {
    return m_plots;
}

QWidget* ComparePage::makeRunsPanel() {
    m_runsPanel = new PanelFrame(tr("Runs"));
    m_runsPanel->setDense(true);
    m_table = named("compare.runs.table", new RunTable);
    m_scroll = new QScrollArea;
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(m_table);
    m_runsPanel->setContent(m_scroll);

    m_levelButton = named("compare.runs.level", new Button(QString()));
    m_levelButton->setHeight(20);
    m_levelButton->setGlyph(Glyph::chevronDown);
    auto* menu = new QMenu(m_levelButton);
    for (const double level : levels)
        connect(menu->addAction(percentText(level)), &QAction::triggered, this, [this, level] {
            m_level = level;
            refresh();
        });
    numberActions(*menu, m_levelButton->objectName());
    m_levelButton->setMenu(menu);
    m_turns = named("compare.runs.turns", new SegmentedControl({tr("equal steps"), tr("equal time")}, tr("Turns")));
    m_turns->setHeight(20);
    m_turns->setChoiceToolTip(0, tr("One step of each run in turn"));
    m_turns->setChoiceToolTip(1, tr("The same computing time for each run: quicker models make more steps"));
    connect(m_turns, &SegmentedControl::chosen, this, [this](int index) { m_workspace.setTurns(static_cast<Turns>(index)); });
    m_trainAll = named("compare.runs.train_all", new Button(tr("Train all")));
    m_trainAll->setToolTip(tr("Trains every run that is not done; on this page Space does it, too"));
    m_pauseAll = named("compare.runs.pause_all", new Button(tr("Pause all")));
    connect(m_trainAll, &Button::clicked, &m_workspace, &Workspace::trainAll);
    connect(m_pauseAll, &Button::clicked, &m_workspace, &Workspace::pauseAll);
    m_runsPanel->addControl(m_levelButton);
    m_runsPanel->addControl(m_turns);
    for (Button* button : {m_trainAll, m_pauseAll, makeDuplicateButton(), makeClassicMenu()}) {
        button->setHeight(20);
        m_runsPanel->addControl(button);
    }
    return m_runsPanel;
}

PanelFrame* ComparePage::makePlotPanel(Plot* plot, const QString& title) {
    auto* panel = new PanelFrame(title);
    plot->legend()->show();
    panel->addControl(plot->legend());
    panel->setContent(plot);
    plot->setEmptyText(tr("Press Space: all runs train"));
    return panel;
}

QWidget* ComparePage::makePlots() {
    m_loss = named("compare.curves.loss", new Plot(tr("Loss of the runs"), PlotScene::Kind::progress));
    m_loss->setScales(AxisScale::linear, AxisScale::logarithmic);
    m_loss->setReading([](double value) { return fixed(value, 3); });
    m_accuracy = named("compare.curves.accuracy", new Plot(tr("What the runs reach"), PlotScene::Kind::progress));
    m_accuracy->setReading([](double value) { return fixed(value, 1); });
    m_accuracy->setYRange(std::pair(-2.0, 103.0));
    m_plots = new QWidget;
    auto* row = new QHBoxLayout(m_plots);
    row->setContentsMargins(0, 0, 0, 0);
    m_lossPanel = makePlotPanel(m_loss, tr("Loss"));
    row->addWidget(m_lossPanel, 1);
    m_accuracyPanel = makePlotPanel(m_accuracy, QString());
    row->addWidget(m_accuracyPanel, 1);
    connect(m_loss, &Plot::crosshairMoved, m_accuracy, &Plot::setCrosshair);
    connect(m_accuracy, &Plot::crosshairMoved, m_loss, &Plot::setCrosshair);
    return m_plots;
}

void ComparePage::connectTable() {
    connect(m_table, &RunTable::chosen, this, [this](int row) {
        if (Run* run = runOf(row)) focus().setRun(run);
    });
    connect(m_table, &RunTable::toggled, this, &ComparePage::toggleRow);
    connect(m_table, &RunTable::mapToggled, this, &ComparePage::toggleMap);
    connect(m_table, &RunTable::renamed, this, &ComparePage::renameRow);
    connect(m_table, &RunTable::menuWanted, this, &ComparePage::showMenu);
    connect(m_table, &RunTable::removeWanted, this, &ComparePage::removeRow);
}

void ComparePage::applyMeasures() {
    const int eight = Theme::instance().px(comparePageMargin);
    layout()->setContentsMargins(eight, 0, eight, eight);
    layout()->setSpacing(eight);
    m_plots->layout()->setSpacing(eight);
    if (m_table) refreshControls();
}

void ComparePage::resizeEvent(QResizeEvent* event) {
    Page::resizeEvent(event);
    fitParts();
    refreshControls();
}

/// The legends leave the titles their room.
void ComparePage::fitParts() {
    const Theme& theme = Theme::instance();
    m_about->fit(width() - 2 * theme.px(comparePageMargin));
    for (const Plot* plot : {m_loss, m_accuracy})
        plot->legend()->setMaximumWidth(std::max(width() / 2 - theme.px(titleRoom), theme.px(60)));
}

void ComparePage::setShow(Show show) {
    m_show = show;
    m_curves->setCurrent(static_cast<int>(show));
    scheduleRefresh();
}

void ComparePage::setAgainst(Effort effort) {
    m_against = effort;
    m_axis->setCurrent(static_cast<int>(effort));
    scheduleRefresh();
}

/// Space trains or pauses all, once there are several.
bool ComparePage::toggleTraining() {
    if (m_workspace.runs().size() < 2) return false;
    if (m_workspace.anyTraining())
        m_workspace.pauseAll();
    else
        m_workspace.trainAll();
    return true;
}

void ComparePage::refresh() {
    m_book.follow(m_workspace.runs());
    if (m_show != Show::runs && !m_book.hasSeeds()) m_show = Show::runs;
    std::erase_if(m_mapped, [this](Run* run) { return std::find(m_book.runs().begin(), m_book.runs().end(), run) == m_book.runs().end(); });
    m_variants = m_book.variants(together());
    refreshHeader();
    refreshTable();
    refreshPlots();
    refreshControls();
    m_maps->show(runsToMap(), m_book.runs());
}

void ComparePage::refreshHeader() {
    QStringList names;
    for (const Variant& variant : m_variants) names << variant.name;
    if (names.empty()) return m_header->setText(tr("No run"));
    const Experiment& first = m_book.runs().front()->experiment();
    QStringList details{QString::fromStdString(std::string(first.task.kind.name()))};
    const int seeds = static_cast<int>(m_variants.front().runs.size());
    if (seeds > 1) details << counted(LAB_PLURAL("compare", "%n seed(s)"), seeds);
    if (m_book.runs().size() > 1) details << (m_book.sameBatches() ? tr("same batches") : tr("different batches"));
    m_header->setText(names.join(QStringLiteral(" / ")), details.join(QStringLiteral(" · ")));
    const std::string& about = first.about;
    const auto same = [&](const Run* run) { return run->experiment().about == about; };
    const bool shown = m_book.runs().size() > 1 && !about.empty() && std::all_of(m_book.runs().begin(), m_book.runs().end(), same);
    m_about->setVisible(shown);
    if (m_about->text() == experimentText(about)) return;
    m_about->setText(experimentText(about));
    fitParts();
}

QString ComparePage::effortName() const {
    return m_against == Effort::steps ? tr("steps") : m_against == Effort::tokens ? tr("tokens") : tr("seconds");
}

QString ComparePage::effortText(double value) const {
    return m_against == Effort::seconds ? fixed(value, 1) : tidyNumber(value);
}

void ComparePage::refreshTable() {
    std::vector<RunRow> rows;
    for (const Variant& variant : m_variants) rows.push_back(rowOf(variant));
    const auto differences = m_book.differences(m_variants, together());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].difference = QString::fromStdString(differenceText(differences, i));
    const std::vector<Run*> mapped = runsToMap();
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i].mapped = std::any_of(mapped.begin(), mapped.end(), [&](const Run* run) { return runOf(static_cast<int>(i)) == run; });
    QStringList keys;
    for (const Difference& each : differences) keys << QString::fromStdString(differences.size() == 1 ? each.path : each.label);
    const QString what = !keys.empty()           ? tr("%1: all that differs").arg(keys.join(QStringLiteral(", ")))
                         : m_variants.size() > 1 ? tr("nothing differs")
                                                 : QString();
    m_table->setHeaders(tr("%1 to %2").arg(effortName(), percentText(m_level)), what);
    m_table->setRows(std::move(rows));
}

RunRow ComparePage::rowOf(const Variant& variant) const {
    RunRow row;
    const Run* first = variant.runs.front();
    row.name = variant.name;
    row.role = seriesRole(variant.series);
    row.current = std::find(variant.runs.begin(), variant.runs.end(), focus().run()) != variant.runs.end();
    const auto count = [&](Run::State state) {
        return std::count_if(variant.runs.begin(), variant.runs.end(), [state](const Run* run) { return run->state() == state; });
    };
    const auto all = static_cast<std::ptrdiff_t>(variant.runs.size());
    if (count(Run::State::diverged) + count(Run::State::failed) > 0) {
        row.bad = true;
        row.state = verdictText(false, count(Run::State::diverged) > 0 ? tr("diverged") : tr("failed"));
    } else if (count(Run::State::finished) == all) {
        row.state = verdictText(true, tr("done"));
    } else {
        row.state = count(Run::State::training) > 0 ? tr("training") : first->step() == 0 ? tr("ready") : tr("paused");
    }
    if (count(Run::State::training) > 0)
        row.does = RunRow::Does::pause;
    else if (count(Run::State::paused) > 0)
        row.does = RunRow::Does::train;
    fillNumbers(variant, row);
    return row;
}

void ComparePage::fillNumbers(const Variant& variant, RunRow& row) const {
    const QString none = QStringLiteral("–");
    std::vector<double> losses, accuracies, efforts, rates;
    std::int64_t step = variant.runs.front()->step();
    for (const Run* run : variant.runs) {
        step = std::min(step, run->step());
        const RunCurve& curve = m_book.curve(run);
        if (run->tokensPerSecond() > 0) rates.push_back(run->tokensPerSecond());
        if (curve.empty()) continue;
        losses.push_back(curve.loss().back());
        const bool validates = run->dataset()->validationSize() > 0;
        if (const auto accuracy = validates ? curve.latestValidation() : std::optional(curve.accuracy().back()))
            accuracies.push_back(100 * *accuracy);
        if (const auto effort = curve.effortTo(m_level, m_against)) efforts.push_back(*effort);
    }
    const auto spread = [&](const std::vector<double>& values, const QString& text) {
        return values.size() > 1 ? QStringLiteral("± ") + text : QString();
    };
    row.step = grouped(step);
    row.loss = losses.empty() ? none : fixed(spreadOf(losses).mean, 3);
    row.accuracy = row.effort = none;
    if (!accuracies.empty()) {
        const Spread over = spreadOf(accuracies);
        row.accuracy = fixed(over.mean, 1);
        row.accuracySpread = spread(accuracies, fixed(over.deviation, 1));
    }
    // The mean of some seeds would flatter the variant: those that never arrived count, too.
    if (efforts.size() == variant.runs.size()) {
        const Spread over = spreadOf(efforts);
        row.effort = effortText(over.mean);
        row.effortSpread = spread(efforts, effortText(over.deviation));
    } else if (!efforts.empty()) {
        row.effort = tr("%1 of %2").arg(efforts.size()).arg(variant.runs.size());
    }
    row.rate = rates.empty() ? none : compact(spreadOf(rates).mean);
    const Model& model = *variant.runs.front()->model();
    row.parameters = grouped(static_cast<std::int64_t>(model.layout().parameterCount()));
    const auto cache = cacheBytesPerToken(model.config());
    row.cache = cache ? grouped(static_cast<std::int64_t>(*cache)) : none;
}

PlotSeries ComparePage::lineOf(const Run* run, const std::vector<double>& values, double factor) const {
    const std::vector<double>& x = m_book.curve(run).effort(m_against);
    PlotSeries line = seriesNamed(run->name(), run->series(), run == focus().run());
    const std::size_t stride = std::max<std::size_t>(x.size() / linePoints, 1);
    const auto add = [&](std::size_t i) {
        line.x.push_back(x[i]);
        line.y.push_back(factor * values[i]);
    };
    for (std::size_t i = 0; i < x.size(); i += stride) add(i);
    if (!x.empty() && line.x.back() != x.back()) add(x.size() - 1);
    return line;
}

/// Bits a byte where all runs are of text, which can then be compared whatever their tokens are; else nats a token.
LossUnit ComparePage::lossUnit(const Run* run) const {
    const bool allText = std::ranges::all_of(m_book.runs(), [](const Run* each) { return lossUnitOf(*each->dataset()).bitsPerByte; });
    return run && allText ? lossUnitOf(*run->dataset()) : LossUnit();
}

PlotSeries ComparePage::bandOfVariant(const Variant& variant, bool accuracy) const {
    const bool current = std::find(variant.runs.begin(), variant.runs.end(), focus().run()) != variant.runs.end();
    PlotSeries line = seriesNamed(variant.name, variant.series, current);
    std::vector<CurveView> curves;
    for (const Run* run : variant.runs) {
        const RunCurve& curve = m_book.curve(run);
        curves.push_back({curve.effort(m_against), accuracy ? curve.accuracy() : curve.loss()});
    }
    const double factor = accuracy ? 100 : lossUnit(variant.runs.front()).perNat;
    const BandKind kind = m_show == Show::range ? BandKind::range : BandKind::deviation;
    for (const BandPoint& point : bandOver(curves, bandPoints)) {
        const auto [low, high] = bandOf(point.spread, kind);
        const bool several = point.spread.count > 1;
        line.x.push_back(point.x);
        line.y.push_back(factor * point.spread.mean);
        line.low.push_back(several ? factor * low : std::nan(""));
        line.high.push_back(several ? factor * high : std::nan(""));
    }
    return line;
}

std::vector<PlotSeries> ComparePage::linesOf(bool accuracy) const {
    std::vector<PlotSeries> lines;
    for (const Variant& variant : m_variants) {
        if (together()) {
            lines.push_back(bandOfVariant(variant, accuracy));
        } else {
            const Run* run = variant.runs.front();
            lines.push_back(
                lineOf(run, accuracy ? m_book.curve(run).accuracy() : m_book.curve(run).loss(), accuracy ? 100 : lossUnit(run).perNat));
        }
    }
    return lines;
}

std::optional<double> ComparePage::shownEffort() const {
    const Run* run = focus().run();
    if (!run || m_book.runs().empty() || std::find(m_book.runs().begin(), m_book.runs().end(), run) == m_book.runs().end())
        return std::nullopt;
    const RunCurve& curve = m_book.curve(run);
    return valueAt({curve.effort(Effort::steps), curve.effort(m_against)}, static_cast<double>(focus().shownStep()));
}

/// What the runs are measured by; of runs of both kinds both names.
void ComparePage::nameMeasure() {
    const Measure measure = measureOf(m_book.runs());
    m_accuracyPanel->setTitle(tr("%1 %").arg(measureTitle(measure)));
    m_levelButton->setToolTip(tr("The %1 whose time the list tells").arg(measurePhrase(measure)));
    m_table->setMeasure(measure);
}

void ComparePage::refreshPlots() {
    const auto& runs = m_book.runs();
    const bool sameGuesses =
        !runs.empty() && std::ranges::all_of(runs, [&](const Run* run) { return run->guesses() == runs.front()->guesses(); });
    const LossUnit unit = lossUnit(runs.empty() ? nullptr : runs.front());
    m_lossPanel->setTitle(unit.bitsPerByte ? tr("Loss, bits a byte") : tr("Loss"));
    nameMeasure();
    for (const bool accuracy : {false, true}) {
        Plot* plot = accuracy ? m_accuracy : m_loss;
        plot->setLevel(std::nullopt);
        if (sameGuesses)
            for (const GuessLine& guess : guessLines(runs.front()->guesses(), accuracy, unit)) plot->addLevel(guess.value, guess.label);
        plot->setXTitle(effortName());
        plot->setFlag([this](double x) {
            return m_against == Effort::steps    ? tr("step %1").arg(grouped(std::llround(x)))
                   : m_against == Effort::tokens ? tr("%1 tokens").arg(compact(x))
                                                 : tr("%1 s").arg(fixed(x, 1));
        });
        plot->setSeries(linesOf(accuracy));
        plot->setHand(shownEffort(), {}, false);
    }
}

void ComparePage::refreshControls() {
    const bool seeds = m_book.hasSeeds();
    for (const int band : {1, 2})
        m_curves->setChoiceEnabled(band, seeds, tr("Needs runs that differ in nothing but training.seed: duplicate one with other seeds"));
    m_curves->setCurrent(static_cast<int>(m_show));
    m_turns->setCurrent(static_cast<int>(m_workspace.turns()));
    m_trainAll->setEnabled(m_workspace.anyPaused());
    m_pauseAll->setEnabled(m_workspace.anyTraining());
    m_levelButton->setText(tr("time to %1").arg(percentText(m_level)));
    m_runsPanel->setSubtitle(m_book.runs().size() > 1 ? tr("%1, trained in turn").arg(m_book.runs().size())
                                                      : tr("duplicate it, or compare"));
    const Theme& theme = Theme::instance();
    const int rows = std::clamp(static_cast<int>(m_variants.size()), 1, mostListedRows);
    m_scroll->setFixedHeight(theme.px(20) + rows * theme.px(26));
}

Run* ComparePage::runOf(int row) const {
    if (row < 0 || row >= static_cast<int>(m_variants.size())) return nullptr;
    const Variant& variant = m_variants[static_cast<std::size_t>(row)];
    const auto shown = std::find(variant.runs.begin(), variant.runs.end(), focus().run());
    return shown == variant.runs.end() ? variant.runs.front() : *shown;
}

/// The ones chosen by hand, else one of each of the first rows.
std::vector<Run*> ComparePage::runsToMap() const {
    if (!m_mapped.empty()) return m_mapped;
    std::vector<Run*> runs;
    for (int row = 0; row < static_cast<int>(m_variants.size()) && row < comparePageMostMaps; ++row) runs.push_back(runOf(row));
    return runs;
}

void ComparePage::toggleMap(int row) {
    std::vector<Run*> runs = runsToMap();
    Run* run = runOf(row);
    if (!run) return;
    if (const auto found = std::find(runs.begin(), runs.end(), run); found != runs.end()) {
        if (runs.size() > 1) runs.erase(found);
    } else {
        if (runs.size() == static_cast<std::size_t>(comparePageMostMaps)) runs.pop_back();
        runs.push_back(run);
    }
    // In the order of the list.
    std::vector<Run*> ordered;
    for (Run* each : m_book.runs())
        if (std::find(runs.begin(), runs.end(), each) != runs.end()) ordered.push_back(each);
    m_mapped = ordered;
    refresh();
}

void ComparePage::toggleRow(int row) {
    if (row < 0 || row >= static_cast<int>(m_variants.size())) return;
    const std::vector<Run*> runs = m_variants[static_cast<std::size_t>(row)].runs;
    const bool training = std::any_of(runs.begin(), runs.end(), [](const Run* run) { return run->state() == Run::State::training; });
    for (Run* run : runs) {
        if (training)
            run->pause();
        else
            run->train();
    }
}

void ComparePage::renameRow(int row, const QString& name) {
    if (row < 0 || row >= static_cast<int>(m_variants.size())) return;
    const std::vector<Run*> runs = m_variants[static_cast<std::size_t>(row)].runs;
    for (Run* run : runs) run->setName(runs.size() > 1 ? tr("%1 · seed %2").arg(name).arg(run->experiment().training.seed) : name);
}

void ComparePage::removeRow(int row) {
    if (row < 0 || row >= static_cast<int>(m_variants.size())) return;
    const std::vector<Run*> runs = m_variants[static_cast<std::size_t>(row)].runs;
    for (Run* run : runs) removeRun(run);
}

/// Nothing here may point to a run that is about to go.
void ComparePage::forget(Run* run) {
    std::erase(m_mapped, run);
    std::vector<Run*> rest = m_workspace.runs();
    std::erase(rest, run);
    m_book.follow(rest);
    m_variants = m_book.variants(together());
    m_maps->show(runsToMap(), rest);
    scheduleRefresh();
}

/// The window goes on with a neighbour; the last run stays.
void ComparePage::removeRun(Run* run) {
    const std::vector<Run*> runs = m_workspace.runs();
    const auto found = std::find(runs.begin(), runs.end(), run);
    if (!run || runs.size() < 2 || found == runs.end()) return;
    if (focus().run() == run) focus().setRun(found + 1 != runs.end() ? *(found + 1) : *(found - 1));
    m_workspace.remove(run);
}

void ComparePage::showMenu(int row, const QPoint& at) {
    Run* run = runOf(row);
    if (!run) return;
    QMenu menu;
    const RunRow& shown = m_table->rows()[static_cast<std::size_t>(row)];
    if (shown.does != RunRow::Does::nothing)
        connect(menu.addAction(shown.does == RunRow::Does::train ? tr("Train") : tr("Pause")), &QAction::triggered, this,
                [this, row] { toggleRow(row); });
    connect(menu.addAction(tr("Rename… (F2)")), &QAction::triggered, m_table, [this, row] { m_table->edit(row); });
    connect(menu.addAction(tr("Duplicate with a change…")), &QAction::triggered, this, [this, run] { emit duplicateWanted(run); });
    connect(menu.addAction(shown.mapped ? tr("Hide its map (M)") : tr("Show its map (M)")), &QAction::triggered, this,
            [this, row] { toggleMap(row); });
    QAction* remove = menu.addAction(tr("Remove (Del)"));
    remove->setEnabled(m_workspace.runs().size() > 1);
    connect(remove, &QAction::triggered, this, [this, row] { removeRow(row); });
    numberActions(menu, m_table->objectName());
    menu.exec(at);
}

bool ComparePage::ready() const {
    return m_maps->ready();
}

std::vector<FigureOffer> ComparePage::figures() {
    if (m_book.runs().empty()) return {};
    std::vector<FigureOffer> offers;
    const QString name = fileNameOf(m_header->title()) + QLatin1Char('-');
    offers.push_back(
        {tr("Curves"), name + tr("curves"), [this] { return compareCurves(*m_loss, *m_accuracy, m_book, m_header->title()); }});
    for (FigureOffer& offer : m_maps->figures(name)) offers.push_back(std::move(offer));
    return offers;
}

}  // namespace lab
