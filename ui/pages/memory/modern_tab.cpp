#include "ui/pages/memory/modern_tab.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QSpinBox>
#include <algorithm>
#include <cmath>

#include "core/memory/pattern_vectors.h"
#include "ui/pages/memory/beta_row.h"
#include "ui/pages/memory/modern_figures.h"
#include "ui/scenes/parts_figure.h"
#include "ui/text/message_text.h"
#include "ui/widgets/column.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/spin_text.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr int modernTableRow = 20;
constexpr int mostRandom = 200, largestDimension = 1024;
constexpr std::size_t mostCurves = 4;  // that have a look of their own
constexpr double leastError = 1e-9;

Role roleOf(std::size_t curve) {
    constexpr std::array<Role, 5> roles = {Role::series1, Role::series2, Role::series3, Role::series4, Role::series5};
    return roles[std::min(curve, roles.size() - 1)];
}

QSpinBox* makeNumber(const char* name, const QString& around, int least, int most, const QString& help) {
    auto* box = named(name, new QSpinBox);
    box->setRange(least, most);
    setAround(*box, around);
    box->setKeyboardTracking(false);
    box->setToolTip(help);
    box->setAccessibleName(help);
    return box;
}

}  // namespace

ModernTab::ModernTab(Focus& focus, MemoryState& state, QWidget* parent) : MemoryTab(focus, state, parent) {
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    makeControls();
    m_grid->addWidget(makeFlow(), 0, 0);
    m_grid->addWidget(makeCurve(), 1, 0);
    m_grid->addWidget(makeEnd(), 0, 1);
    m_grid->addWidget(makeErrors(), 1, 1);
    m_grid->setColumnStretch(0, 3);
    m_grid->setColumnStretch(1, 2);
    m_grid->setRowStretch(0, 1);
    m_grid->setRowStretch(1, 1);
    connectParts();
    followTheme(this, &ModernTab::applyMeasures);
}

void ModernTab::makeControls() {
    m_controls = new QWidget(this);
    auto* row = new QHBoxLayout(m_controls);
    row->setContentsMargins(0, 0, 0, 0);
    m_source = named("memory.modern.patterns", new SegmentedControl({tr("Stored"), tr("Random")}, tr("Patterns")));
    m_source->setChoiceToolTip(0, tr("The pictures stored under Recall, as vectors of +1 and −1"));
    m_source->setChoiceToolTip(1, tr("Vectors of standard normal numbers, so that |x|² is about d"));
    row->addWidget(m_source);
}

QWidget* ModernTab::makeFlow() {
    m_flowPanel = new PanelFrame(tr("One update: compare, sharpen, mix"), this);
    m_flowPanel->setNote(tr("ξ′ = X softmax(β Xᵀξ)"));
    auto* body = new QWidget;
    auto* lines = column(body);
    m_numbers = new QWidget(body);
    auto* row = new QHBoxLayout(m_numbers);
    m_countBox = makeNumber("memory.modern.count", tr("P %1"), 1, mostRandom, tr("How many random patterns"));
    m_dimensionBox = makeNumber("memory.modern.dimension", tr("d %1"), 1, largestDimension, tr("How many numbers a pattern has"));
    m_noiseBox =
        makeNumber("memory.modern.noise", tr("noise %1 %"), 0, 300, tr("Length of the query's noise, in percent of the pattern's"));
    m_seedBox = makeNumber("memory.modern.seed", tr("seed %1"), 0, 1 << 20, tr("The same seed draws the same vectors"));
    for (QSpinBox* box : {m_countBox, m_dimensionBox, m_noiseBox, m_seedBox}) row->addWidget(box);
    row->addStretch();
    keepSpacing(row, {8, 4, 8, 0}, 6);
    m_flow = named("memory.modern.flow", new ModernFlow(body));
    makeTable();
    auto* across = new QHBoxLayout;
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(0);
    across->addWidget(m_flow, 1);
    across->addWidget(m_table, 3);
    lines->addWidget(m_numbers);
    lines->addLayout(across, 1);
    m_flowPanel->setContent(body);
    return m_flowPanel;
}

void ModernTab::makeTable() {
    m_table = named("memory.modern.table", new DataTable(tr("All patterns"), modernTableRow));
    m_table->hide();
    const auto numbers = [this](const char* id, const QString& title, const QString& help, auto value, int decimals) {
        TableColumn made{id, title, help};
        made.number = [this, value](std::size_t row) { return m_look ? value(*m_look, row) : 0.0; };
        made.cell = [number = made.number, decimals](std::size_t row) { return TableCell{fixed(number(row), decimals)}; };
        made.widest = QStringLiteral("−000.00");
        return made;
    };
    std::vector<TableColumn> columns;
    columns.push_back({"pattern", tr("pattern"), tr("Its name"), Qt::AlignLeft, true});
    columns.back().cell = [this](std::size_t row) { return TableCell{nameOf(static_cast<int>(row))}; };
    columns.back().widest = QStringLiteral("wwwwwwww");
    columns.push_back(numbers(
        "dot", tr("ξ·x"), tr("The dot product with the query"), [](const ModernLook& look, std::size_t row) { return look.dots[row]; }, 1));
    columns.push_back(numbers(
        "weight", tr("weight"), tr("softmax(β ξ·x)"), [](const ModernLook& look, std::size_t row) { return look.weights[row]; }, 4));
    columns.back().strong = true;
    columns.push_back(numbers(
        "separation", tr("Δ"), tr("Separation: x·x − the largest product with another pattern"),
        [](const ModernLook& look, std::size_t row) { return look.errors[row].separation; }, 1));
    columns.push_back(numbers(
        "error", tr("error"), tr("|ξ′ − x| after one update from this pattern with noise"),
        [](const ModernLook& look, std::size_t row) { return look.errors[row].error; }, 3));
    m_table->setColumns(std::move(columns));
}

QWidget* ModernTab::makeCurve() {
    m_curvePanel = new PanelFrame(tr("Weights against β"), this);
    auto* body = new QWidget;
    auto* lines = column(body);
    m_beta = new BetaRow(QStringLiteral("memory.modern.beta"), body);
    m_curve = named("memory.modern.curve", new Plot(tr("Weights against β")));
    m_curve->setScales(AxisScale::logarithmic, AxisScale::linear);
    m_curve->setXRange(leastBeta, largestBeta);
    m_curve->setYRange(std::pair(0.0, 1.0));
    m_curve->setXTitle(tr("β, log"));
    m_curve->setReading([](double weight) { return fixed(weight, 3); });
    m_curve->setFlag([](double beta) { return tr("β %1").arg(significant(beta, 3)); });
    m_curve->legend()->show();
    m_curvePanel->addControl(m_curve->legend());
    m_samples = new ModernSamples(body);
    auto* across = new QHBoxLayout;
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(0);
    across->addWidget(m_curve, 1);
    across->addWidget(m_samples);
    lines->addWidget(m_beta);
    lines->addLayout(across, 1);
    m_curvePanel->setContent(body);
    return m_curvePanel;
}

QWidget* ModernTab::makeEnd() {
    m_endPanel = new PanelFrame(tr("Where it settles"), this);
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    m_regime = new WrappedText(2, TextSize::text, Role::text, true);
    m_regime->setHelp(
        tr("Named from the fixed point itself, not from β: the patterns that hold 9/10 of its weight. One: one pattern. All, "
           "nearly alike: the mean of all. Else: metastable."));
    m_energy = new ThemedLabel({}, TextSize::text, Role::right);
    m_energy->setToolTip(
        tr("E = −lse(β, Xᵀξ) + ½ ξᵀξ + ln(P)/β + ½ M², lse(β, z) = ln(Σ exp(β z))/β; an update never raises it (Ramsauer "
           "2020, theorem 1)"));
    m_end = named("memory.modern.end", new TextTable(tr("Where it settles")));
    m_end->setColumns({tr("state"), tr("energy"), tr("wrong"), tr("nearest")}, {0.34, 0.2, 0.16, 0.3});
    lines->addWidget(m_regime);
    lines->addWidget(m_energy);
    lines->addWidget(m_end, 1);
    keepSpacing(lines, {8, 4, 0, 0}, 4);
    m_endPanel->setContent(body);
    return m_endPanel;
}

QWidget* ModernTab::makeErrors() {
    m_errorPanel = new PanelFrame(tr("Error after one update"), this);
    m_errorPanel->setSubtitle(tr("against separation"));
    m_errors = named("memory.modern.errors", new Plot(tr("Error after one update against separation")));
    m_errors->setScales(AxisScale::linear, AxisScale::logarithmic);
    m_errors->setXTitle(tr("separation Δ of each pattern"));
    m_errors->setReading([](double error) { return significant(error, 2); });
    m_errors->setToolTip(
        tr("Each pattern with noise, after one update: |ξ′ − x|, and the bound 2 (P − 1) exp(−β (Δ − 2 |ξ − x| M)) M. It "
           "tells little where Δ is small; an error is never above 2 M. Errors below 1e−9 are drawn there. (after Ramsauer 2020, theorem "
           "5, which takes the larger of this distance and the fixed point's)"));
    m_errors->legend()->show();
    m_errorPanel->addControl(m_errors->legend());
    m_errorPanel->setContent(m_errors);
    return m_errorPanel;
}

void ModernTab::connectParts() {
    connect(m_source, &SegmentedControl::chosen, this, [this](int choice) { setRandom(choice == 1); });
    for (QSpinBox* box : {m_countBox, m_dimensionBox, m_noiseBox, m_seedBox})
        connect(box, &QSpinBox::valueChanged, this, &ModernTab::takeNumbers);
    connect(m_flow, &ModernFlow::chosen, this, &ModernTab::choose);
    connect(m_table, &DataTable::rowOpened, this, [this](std::size_t row) { choose(static_cast<int>(row)); });
    connect(m_beta, &BetaRow::betaChosen, this, &ModernTab::setBeta);
    connect(&state(), &MemoryState::changed, this, [this] { m_due = true; });
}

void ModernTab::applyMeasures() {
    m_grid->setSpacing(Theme::instance().px(panelGap));
}

void ModernTab::setRandom(bool random) {
    m_source->setCurrent(random ? 1 : 0);
    if (random == m_random) return;
    m_random = random;
    m_due = true;
    emit askingChanged();
    emit changed();
    emit refreshWanted();
}

void ModernTab::takeNumbers() {
    m_vectors = {m_countBox->value(), m_dimensionBox->value(), static_cast<std::uint64_t>(m_seedBox->value())};
    m_noise = m_noiseBox->value();
    m_target = std::min(m_target, m_vectors.count - 1);
    m_due = true;
    emit refreshWanted();
}

int ModernTab::chosen() const {
    return m_random ? m_target : state().value().chosen;
}

void ModernTab::choose(int pattern) {
    if (m_random) {
        m_target = std::clamp(pattern, 0, m_vectors.count - 1);
        m_due = true;
        emit refreshWanted();
        return;
    }
    MemoryValue value = state().value();
    if (value.chosen == pattern) return;
    value.chosen = pattern;
    value.askAgain();
    state().ask(std::move(value), tr("Ask for %1").arg(nameOf(pattern)));
}

void ModernTab::setBeta(double beta) {
    MemoryValue value = state().value();
    value.beta = beta;
    state().set(std::move(value));
}

QString ModernTab::nameOf(int pattern) const {
    if (!m_look || pattern < 0 || pattern >= static_cast<int>(m_look->asked.names.size())) return {};
    return QString::fromStdString(m_look->asked.names[static_cast<std::size_t>(pattern)]);
}

TabHeading ModernTab::heading() const {
    const MemoryValue& value = state().value();
    const int count = m_random ? m_vectors.count : static_cast<int>(value.patterns.size());
    const int dimension = m_random ? m_vectors.dimension : value.query.pixels();
    return {tr("Continuous Hopfield network"), tr("%1, %2").arg(counted(LAB_PLURAL("memory", "%n number(s)"), dimension),
                                                                counted(LAB_PLURAL("memory", "%n pattern(s)"), count))};
}

void ModernTab::refresh() {
    const QSignalBlocker quiet[] = {QSignalBlocker(m_countBox), QSignalBlocker(m_dimensionBox), QSignalBlocker(m_noiseBox),
                                    QSignalBlocker(m_seedBox)};
    m_countBox->setValue(m_vectors.count);
    m_dimensionBox->setValue(m_vectors.dimension);
    m_noiseBox->setValue(m_noise);
    m_seedBox->setValue(static_cast<int>(m_vectors.seed));
    m_numbers->setVisible(m_random);
    const MemoryValue& value = state().value();
    m_beta->setBeta(value.beta, attentionBeta(m_random ? m_vectors.dimension : value.query.pixels()));
    if (!m_due) return;
    m_due = false;
    if (!m_random && value.patterns.empty()) {
        m_task.cancel();
        m_failure.clear();
        take(nullptr, {});
        return;
    }
    VectorForm form = formOf(m_vectors.dimension);
    form.scaling = {ColorMap::Kind::balance, -3, 3};
    if (!m_random) form = {value.query.rows, value.query.columns, true, {ColorMap::Kind::balance, -1, 1}};
    m_asked = true;
    m_task.request(
        [this, value, form, random = m_random, vectors = m_vectors, target = m_target, noise = m_noise]() -> LatestTask::Found {
            auto look = std::make_shared<ModernLook>(
                lookAt(random ? questionOf(vectors, target, noise / 100.0, value.beta)
                              : questionOf(value.patterns, value.chosen, value.query, value.noise / 100.0, value.seed, value.beta)));
            return [this, look, form] { take(look, form); };
        },
        [this](const QString& message) { fail(message); });
}

void ModernTab::fail(const QString& message) {
    m_failure = message;
    take(nullptr, {});
}

void ModernTab::take(ModernLookPtr look, const VectorForm& form) {
    m_asked = false;
    if (look) m_failure.clear();
    m_look = std::move(look);
    m_form = form;
    const int count = m_look ? m_look->asked.patterns.count : 0;
    m_flow->setLook(m_look, form);
    m_samples->setLook(m_look, form);
    m_table->setVisible(count > ModernFlow::mostRows);
    m_table->showAll(static_cast<std::size_t>(count),
                     m_look && m_look->asked.target >= 0 ? std::optional(static_cast<std::size_t>(m_look->asked.target)) : std::nullopt);
    m_table->viewport()->update();
    showCurve();
    showEnd();
    showErrors();
    emit changed();
}

void ModernTab::showCurve() {
    std::vector<PlotSeries> series;
    m_curve->setLevel(std::nullopt);
    if (m_look) {
        // Those that weigh most have a curve each; the others are in the table.
        std::vector<int> curves = m_look->byWeight;
        if (curves.size() > mostCurves) curves.resize(mostCurves);
        for (std::size_t k = 0; k < curves.size(); ++k) {
            PlotSeries curve{nameOf(curves[k]), roleOf(k)};
            curve.x = m_look->curve.betas;
            curve.y = m_look->curve.weights[static_cast<std::size_t>(curves[k])];
            series.push_back(std::move(curve));
        }
        m_curve->setLevel(1.0 / m_look->asked.patterns.count, tr("all alike: the average"));
        const double own = attentionBeta(m_look->asked.patterns.dimension);
        const bool isOwn = std::abs(m_look->asked.beta / own - 1) < 1e-3;
        m_curve->setHand(m_look->asked.beta,
                         isOwn ? tr("β = 1/√%1").arg(m_look->asked.patterns.dimension) : tr("β %1").arg(significant(m_look->asked.beta, 3)),
                         false);
        const int others = m_look->asked.patterns.count - static_cast<int>(curves.size());
        m_curvePanel->setSubtitle(others > 0 ? tr("the %1 heaviest of %2").arg(curves.size()).arg(m_look->asked.patterns.count)
                                             : QString());
    }
    m_curve->setSeries(std::move(series));
}

void ModernTab::showEnd() {
    std::vector<TextTable::Row> rows;
    if (m_look) {
        const bool picture = !m_look->asked.signs.empty();
        for (const ModernLook::Moment& moment : m_look->moments)
            rows.push_back(
                {{moment.updates == 0 ? tr("query") : counted(LAB_PLURAL("memory", "after %n update(s)"), moment.updates),
                  significant(moment.energy, 4), picture ? QString::number(moment.wrong) : QStringLiteral("–"), nameOf(moment.nearest)}});
        rows.back().bold = true;
        const QString regime = shown(regimeText(m_look->end, m_look->asked.names, m_look->asked.patterns.count));
        m_regime->setText(m_look->way.settled
                              ? counted(LAB_PLURAL("memory", "Fixed point after %n update(s): %1."), m_look->way.updates, {regime})
                              : tr("Still moving after %1 updates: %2.").arg(m_look->way.updates).arg(regime));
        m_energy->setRole(verdictRole(!m_look->energyRose));
        m_energy->setText(verdictText(!m_look->energyRose, m_look->energyRose ? tr("the energy rose") : tr("the energy never rose")));
        m_endPanel->setNote(tr("patterns really mixed, e^H: %1").arg(fixed(m_look->end.effective, 2)));
    } else {
        m_regime->setText(m_failure);
        m_energy->setText({});
        m_endPanel->setNote({});
    }
    m_end->setRows(std::move(rows));
}

void ModernTab::showErrors() {
    std::vector<PlotSeries> series;
    m_errors->setLevel(std::nullopt);
    if (m_look && m_look->asked.patterns.count > 1) {
        std::vector<const RetrievalError*> bySeparation;
        for (const RetrievalError& error : m_look->errors) bySeparation.push_back(&error);
        std::ranges::stable_sort(bySeparation, {}, [](const RetrievalError* error) { return error->separation; });
        PlotSeries error{.name = tr("error"), .role = Role::series1, .line = false, .squares = true};
        PlotSeries bound{.name = tr("bound"), .role = Role::series2, .line = true, .squares = true};
        const double most = 2 * m_look->errors.front().radius;
        for (const RetrievalError* each : bySeparation) {
            error.x.push_back(each->separation);
            error.y.push_back(std::max(each->error, leastError));
            bound.x.push_back(each->separation);
            bound.y.push_back(std::clamp(each->bound, leastError, most));
        }
        const double low = bySeparation.front()->separation, high = bySeparation.back()->separation;
        const double around = std::max(0.05 * (high - low), 0.5);
        m_errors->setXRange(low - around, high + around);
        m_errors->setYRange(std::pair(std::min(std::ranges::min(error.y), std::ranges::min(bound.y)) / 3, most * 3));
        m_errors->setLevel(most, tr("2 M: never more"));
        series = {std::move(error), std::move(bound)};
    }
    m_errors->setEmptyText(m_look                ? tr("A single pattern is found without any error.")
                           : m_failure.isEmpty() ? tr("Nothing is stored.")
                                                 : m_failure);
    m_errors->setSeries(std::move(series));
}

FigureSubject ModernTab::subject() const {
    return {heading().title + QStringLiteral(" ") + heading().detail};
}

std::vector<FigureOffer> ModernTab::figures() {
    std::vector<FigureOffer> offers;
    if (!m_look) return offers;
    offers.push_back(modernOffer(m_look, m_form, subject()));
    if (m_table->isVisibleTo(this)) offers.push_back(tableOffer(tr("All patterns"), *m_table, tr("Every pattern, one update"), subject()));
    for (FigureOffer& offer : partOffers(*this, subject())) offers.push_back(std::move(offer));
    return ofNoRun(std::move(offers), subject());
}

QJsonObject ModernTab::notes() const {
    QJsonObject notes;
    if (m_random) notes[QStringLiteral("random")] = true;
    if (m_vectors == RandomMemory() && m_noise == 30) return notes;
    notes[QStringLiteral("count")] = m_vectors.count;
    notes[QStringLiteral("dimension")] = m_vectors.dimension;
    notes[QStringLiteral("seed")] = static_cast<qint64>(m_vectors.seed);
    notes[QStringLiteral("noise")] = m_noise;
    return notes;
}

void ModernTab::takeNotes(const QJsonObject& notes) {
    const auto number = [&notes](const char* key, int otherwise, int least, int most) {
        return std::clamp(notes[QLatin1String(key)].toInt(otherwise), least, most);
    };
    const RandomMemory first;
    m_vectors = {number("count", first.count, 1, mostRandom), number("dimension", first.dimension, 1, largestDimension),
                 static_cast<std::uint64_t>(number("seed", static_cast<int>(first.seed), 0, 1 << 20))};
    m_noise = number("noise", 30, 0, 300);
    m_target = 0;
    m_due = true;
    setRandom(notes[QStringLiteral("random")].toBool());
    emit refreshWanted();
}

MemoryTab* makeModernTab(Focus& focus, MemoryState& state, QWidget* parent) {
    return new ModernTab(focus, state, parent);
}

}  // namespace lab
