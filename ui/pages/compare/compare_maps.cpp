#include "ui/pages/compare/compare_maps.h"

#include <QHBoxLayout>
#include <QMenu>
#include <algorithm>

#include "core/config/experiment.h"
#include "core/runs/budget.h"
#include "ui/pages/compare/compare_figures.h"
#include "ui/pages/compare/map_card.h"
#include "ui/runs/translated_input.h"
#include "ui/scenes/key_words.h"
#include "ui/scenes/maps_scene.h"
#include "ui/scenes/no_attention.h"
#include "ui/scenes/patch_pictures.h"
#include "ui/scenes/run_style.h"
#include "ui/scenes/sequence_words.h"
#include "ui/scenes/stage_maps.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"

namespace lab {
namespace {

constexpr int compareMapsMostMaps = 4;
// Logical px at 100 %.
constexpr int tableWidth = 188;
constexpr int widestTable = 300;
constexpr int compareMapsGap = 8;
constexpr int leastMap = 140;

const ColorScaling changeScaling{ColorMap::Kind::balance, -1.0, 1.0};

Input inputOf(const Sample& sample) {
    Input input;
    input.tokens = sample.tokens;
    input.targetTokens = sample.targetTokens;
    input.vectors = sample.vectors;
    return input;
}

/// The first validation samples of a run's task, or training samples where there are none.
std::vector<Input> sampleInputs(const Run& run, int most) {
    const Dataset& data = *run.dataset();
    const bool validates = data.validationSize() > 0;
    const int count = std::min(validates ? data.validationSize() : data.trainSize(), most);
    std::vector<Input> inputs;
    for (int i = 0; i < count; ++i) inputs.push_back(inputOf(validates ? data.validationSample(i) : data.trainSample(i)));
    return inputs;
}

const AttentionBlock& blockOf(const Run& run, const HeadPlace& place) {
    return run.model()->attentionBlocks()[static_cast<std::size_t>(place.block)];
}

MapData mapOf(const std::shared_ptr<const Trace>& trace, const AttentionBlock& block, int head) {
    MapData map;
    const Tensor* weights = trace->find(block.name + ".weights");  // [H, T, S]
    if (!weights || weights->shape.size() != 3) return map;
    map.rows = static_cast<int>(weights->extent(1));
    map.columns = static_cast<int>(weights->extent(2));
    const std::ptrdiff_t from = std::ptrdiff_t{head} * map.rows * map.columns;
    map.values = {trace, weights->values.data() + from};
    if (const Tensor* scores = trace->find(block.name + ".masked_scores")) map.allowedScores = {trace, scores->values.data() + from};
    return map;
}

std::span<const float> cellsOf(const MapData& map) {
    return {map.values.get(), static_cast<std::size_t>(map.rows) * static_cast<std::size_t>(map.columns)};
}

bool sameShape(const MapData& a, const MapData& b) {
    return !a.empty() && a.rows == b.rows && a.columns == b.columns;
}

void showNames(Map& map, const Run& run, const Trace& trace, const AttentionBlock& block) {
    const QStringList rows = queryWords(SequenceWords(run), block, trace), columns = keyWords(SequenceWords(run), block, trace);
    map.setNames({rows.begin(), rows.end()}, {columns.begin(), columns.end()});
    const Input read = inputOf(trace);
    map.setMuted(specialQueries(SequenceWords(run), block, read), specialKeys(SequenceWords(run), block, read));
}

void showPatches(Map& map, const Run& run, const Trace& trace) {
    const SequenceWords words(run);
    const std::vector<QImage> patches = patchImages(words, inputOf(trace));
    map.setPictures(patches, patches);
}

}  // namespace

CompareMaps::CompareMaps(Focus& focus, QWidget* parent) : QWidget(parent), m_focus(focus) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    makePanel();
    layout->addWidget(m_panel);
    for (auto signal : {&Focus::traceChanged, &Focus::selectionChanged}) connect(&focus, signal, this, &CompareMaps::scheduleRefresh);
    connect(&m_matching, &HeadMatchJob::answered, this, &CompareMaps::scheduleRefresh);
    m_soon.setSingleShot(true);
    connect(&m_soon, &QTimer::timeout, this, &CompareMaps::refresh);
    whenThemed(this, &CompareMaps::arrange);
}

CompareMaps::~CompareMaps() = default;

void CompareMaps::makePanel() {
    m_panel = new PanelFrame(tr("Attention maps"), this);
    m_panel->setDense(true);
    m_headButton = named("compare.maps.head", new Button(QString()));
    m_headButton->setHeight(20);
    m_headButton->setGlyph(Glyph::chevronDown);
    m_headButton->setMenu(new QMenu(m_headButton));
    m_headButton->setToolTip(tr("Which head of the first run is shown"));
    m_match = named("compare.maps.match", new SegmentedControl({tr("same place"), tr("best match")}, tr("Heads of the other runs")));
    m_match->setHeight(20);
    m_match->setChoiceToolTip(0, tr("Each run shows its head of the same layer and number"));
    m_match->setChoiceToolTip(1, tr("Each run shows the head whose weights overlap most with the first run's head: mean over %1 inputs of "
                                    "Σⱼ min(Aᵢⱼ, Bᵢⱼ), 1 = the same map")
                                     .arg(matchingInputs));
    connect(m_match, &SegmentedControl::chosen, this, [this](int choice) { setBestMatch(choice == 1); });
    makePictureControls();
    m_panel->addControl(m_headButton);
    m_panel->addControl(m_match);
    m_body = new QWidget;
    m_panel->setContent(m_body);
    for (int i = 0; i < compareMapsMostMaps; ++i) {
        auto* card = named(QStringLiteral("compare.maps.run_%1").arg(i + 1), new MapCard(m_body));
        m_cards.push_back(card);
        connect(&card->map(), &Map::hovered, this, [this](int row, int column) {
            m_hover = {row, column};
            showCell();
        });
        connect(&card->map(), &Map::selected, this, [this](int row, int column) {
            m_focus.select({m_focus.selection().block, m_focus.selection().head, row, column});
        });
        connectPicture(card->picture());
    }
    m_difference = named("compare.maps.difference", new MapCard(m_body));
    m_difference->map().setQuantity(tr("difference"), [](double value) { return signedFixed(value, 4); });
    connect(&m_difference->map(), &Map::hovered, this, [this](int row, int column) {
        m_hover = {row, column};
        showCell();
    });
    connect(&m_difference->map(), &Map::selected, this, [this](int row, int column) {
        m_focus.select({m_focus.selection().block, m_focus.selection().head, row, column});
    });
    connectPicture(m_difference->picture());
    m_scale = new ColorScaleBar(m_body);
    m_scale->setScaling({});
    m_scale->setQuantity(tr("weight"));
    m_differenceScale = new ColorScaleBar(m_body);
    m_differenceScale->setScaling(changeScaling);
    m_differenceScale->setQuantity(tr("change"));
    m_table = new CellTable(m_body);
    makeChanges();
}

QSize CompareMaps::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    const int cards = static_cast<int>(m_runs.size()) + (m_runs.size() > 1 ? 1 : 0);
    return {std::max(theme.px(700), cards * theme.px(leastMap + compareMapsGap) + theme.px(tableWidth + 4 * compareMapsGap)),
            m_panel->minimumSizeHint().height()};
}

void CompareMaps::resizeEvent(QResizeEvent*) {
    arrange();
}

/// Nobody looks: the companions let their runs train undisturbed.
void CompareMaps::hideEvent(QHideEvent*) {
    m_companions.clear();
    m_shown.clear();  // looked at anew when shown again
    m_pictures = {};
}

Map& CompareMaps::map(int index) const {
    return m_cards[static_cast<std::size_t>(index)]->map();
}

Map& CompareMaps::differenceMap() const {
    return m_difference->map();
}

std::optional<HeadPlace> CompareMaps::headShown(int index) const {
    const auto i = static_cast<std::size_t>(index);
    if (i >= m_shown.size() || m_shown[i].map.empty()) return std::nullopt;
    return m_shown[i].head;
}

void CompareMaps::show(const std::vector<Run*>& runs, const std::vector<Run*>& all) {
    QStringList labels;
    for (const Run* run : runs) labels << QStringLiteral("%1 %2").arg(run->series()).arg(run->name());
    const bool same = runs == m_runs && labels == m_labels && m_shown.size() == runs.size();
    m_runs = runs;
    m_labels = labels;
    if (!same) m_shown.clear(), m_pictures = {}, updateGeometry();
    if (!isVisible()) return m_companions.clear();
    followRuns(all);
    bool training = false;
    for (const Run* run : all) training = training || run->state() == Run::State::training;
    m_matching.setThrifty(training);
    if (!same) refresh();  // else the traces tell when there is something new
}

void CompareMaps::followRuns(const std::vector<Run*>& all) {
    std::erase_if(m_companions, [&](const auto& each) {
        const bool open = std::find(all.begin(), all.end(), each.first) != all.end();
        const bool shown = std::find(m_runs.begin(), m_runs.end(), each.first) != m_runs.end();
        return !open || !shown || each.first == m_focus.run();
    });
    for (Run* run : m_runs) {
        if (run == m_focus.run()) continue;
        auto& companion = m_companions[run];
        if (!companion) {
            companion = std::make_unique<Companion>(m_focus);
            connect(&companion->focus, &Focus::traceChanged, this, &CompareMaps::scheduleRefresh);
            companion->link.setRun(run);
        } else {
            companion->link.catchUp();
        }
    }
}

const Focus& CompareMaps::focusOf(Run* run) const {
    const auto found = m_companions.find(run);
    return found == m_companions.end() ? m_focus : found->second->focus;
}

/// The head in hand of the first run; of the others the same place as far as they have one, or the one that does its work.
HeadPlace CompareMaps::headFor(std::size_t index) const {
    const auto& blocks = m_runs[index]->model()->attentionBlocks();
    HeadPlace place{m_focus.selection().block, m_focus.selection().head};
    if (m_best && index > 0)
        if (const auto best = bestMatch(m_runs[index], headFor(0))) return best->first;
    place.block = std::clamp(place.block, 0, std::max(static_cast<int>(blocks.size()) - 1, 0));
    const int heads = blocks.empty() ? 1 : blocks[static_cast<std::size_t>(place.block)].heads;
    place.head = std::clamp(place.head, 0, std::max(heads - 1, 0));
    return place;
}

CompareMaps::Shown CompareMaps::look(std::size_t index) const {
    Run* run = m_runs[index];
    const Focus& focus = focusOf(run);
    Shown shown;
    shown.trace = focus.run() == run ? focus.trace() : nullptr;
    shown.step = focus.traceStep();
    shown.problem = focus.run() == run ? focus.traceError() : QString();
    if (!shown.trace || run->model()->attentionBlocks().empty()) return shown;
    shown.head = headFor(index);
    shown.map = mapOf(shown.trace, blockOf(*run, shown.head), shown.head.head);
    shown.otherTokens = index > 0 && readOtherwise(*m_runs.front(), *run);
    return shown;
}

void CompareMaps::setBestMatch(bool best) {
    m_best = best;
    m_match->setCurrent(best ? 1 : 0);
    refresh();
}

void CompareMaps::scheduleRefresh() {
    if (!m_soon.isActive()) m_soon.start(budget::handFrame);
}

void CompareMaps::refresh() {
    m_soon.stop();
    if (!isVisible()) return;
    m_shown.clear();
    for (std::size_t i = 0; i < m_runs.size(); ++i) m_shown.push_back(look(i));
    lookAtPictures();
    refreshScales();
    for (std::size_t i = 0; i < m_cards.size(); ++i) refreshCard(i);
    refreshDifference();
    refreshChanges();
    refreshHeads();
    askForMatching();
    arrange();
    showCell();
}

QString CompareMaps::headName(const Run& run, const HeadPlace& place) const {
    const AttentionBlock& block = blockOf(run, place);
    const Architecture architecture = run.experiment().model.architecture;
    if (architecture == Architecture::encoder_decoder) return tr("%1 H%2").arg(blockLabel(block, architecture)).arg(place.head);
    return tr("L%1 H%2").arg(block.layer).arg(place.head);
}

/// Shares reach from 0 to 1; other weights as far as the largest of all runs, and differences twice as far.
void CompareMaps::refreshScales() {
    if (picturesShown()) {
        m_scale->setScaling(m_pictures.scaling());
        return m_differenceScale->setScaling(m_pictures.change.scaling);
    }
    double bound = 0;
    for (std::size_t i = 0; i < m_runs.size(); ++i)
        if (!m_shown[i].map.empty() && hasSignedWeights(*m_runs[i])) bound = std::max(bound, weightScaling(m_shown[i].map, true).high);
    const bool shares = bound == 0;
    m_scale->setScaling(shares ? ColorScaling{} : ColorScaling{ColorMap::Kind::balance, -std::max(bound, 1.0), std::max(bound, 1.0)});
    m_differenceScale->setScaling(shares ? changeScaling
                                         : ColorScaling{ColorMap::Kind::balance, 2 * m_scale->scaling().low, 2 * m_scale->scaling().high});
}

/// Why a run has no map, or no picture with it; empty: it has.
QString CompareMaps::problemOf(std::size_t index) const {
    const Shown& shown = m_shown[index];
    if (!shown.map.empty()) return picturesShown() && m_pictures.runs[index].empty() ? pictureProblem(*m_runs[index]) : QString();
    if (!shown.problem.isEmpty()) return tr("This run cannot read the input: %1").arg(shown.problem);
    const auto lack = noAttention(m_runs[index]);
    return lack ? lack->sentence : tr("no map yet");
}

void CompareMaps::refreshCard(std::size_t index) {
    MapCard& card = *m_cards[index];
    card.setVisible(index < m_runs.size());
    if (index >= m_runs.size()) return;
    const Run& run = *m_runs[index];
    const Shown& shown = m_shown[index];
    card.setTitle(run.name(), seriesRole(run.series()));
    card.setProblem(problemOf(index));
    card.setPictured(picturesShown());
    if (shown.map.empty()) return card.setCaption({});
    const AttentionBlock& block = blockOf(run, shown.head);
    card.map().setData(shown.map, m_scale->scaling());
    showNames(card.map(), run, *shown.trace, block);
    showPatches(card.map(), run, *shown.trace);
    card.map().setSubject(tr("weights of %1, %2").arg(run.name(), headName(run, shown.head)));
    card.setCaption(tr("step %1 · %2").arg(grouped(shown.step), headName(run, shown.head)));
    if (picturesShown()) showScene(card.picture(), m_pictures.runs[index]);
}

/// The run in hand is held against the first one; the first one's own place takes the second.
std::size_t CompareMaps::other() const {
    for (std::size_t i = 1; i < m_runs.size(); ++i)
        if (m_runs[i] == m_focus.run()) return i;
    return 1;
}

QString CompareMaps::differenceProblem() const {
    if (picturesShown()) return m_pictures.change.empty() ? tr("one picture, cut alike, only") : QString();
    if (m_shown[other()].otherTokens) return tr("other tokens: side by side only");
    return sameShape(m_shown[0].map, m_shown[other()].map) && sameKeys(other()) ? QString() : tr("maps of the same size only");
}

void CompareMaps::refreshDifference() {
    m_difference->setVisible(m_runs.size() > 1);
    m_differenceScale->setVisible(m_runs.size() > 1);
    if (m_runs.size() < 2) return;
    const std::size_t with = other();
    const QString problem = differenceProblem();
    m_difference->setTitle(tr("%1 − %2").arg(m_runs[with]->name(), m_runs[0]->name()), std::nullopt);
    m_difference->setProblem(problem);
    m_difference->setPictured(picturesShown());
    m_difference->setCaption(problem.isEmpty() ? tr("blue: %1 more").arg(m_runs[with]->name()) : QString());
    if (!problem.isEmpty()) return;
    if (picturesShown()) return showScene(m_difference->picture(), m_pictures.change);
    auto cells = std::make_shared<std::vector<float>>(mapDifference(cellsOf(m_shown[0].map), cellsOf(m_shown[with].map)));
    MapData change = m_shown[0].map;
    change.values = {cells, cells->data()};
    Map& map = m_difference->map();
    map.setData(change, m_differenceScale->scaling());
    const AttentionBlock& block = blockOf(*m_runs[0], m_shown[0].head);
    showNames(map, *m_runs[0], *m_shown[0].trace, block);
    showPatches(map, *m_runs[0], *m_shown[0].trace);
    map.setSubject(tr("weights of %1 minus weights of %2").arg(m_runs[with]->name(), m_runs[0]->name()));
}

void CompareMaps::refreshHeads() {
    if (m_runs.empty()) return;
    const Run& first = *m_runs.front();
    const std::vector<HeadPlace> places = headPlaces(*first.model());
    m_headButton->setVisible(places.size() > 1);
    bool many = false;
    for (const Run* run : m_runs) many = many || headPlaces(*run->model()).size() > 1;
    m_match->setVisible(m_runs.size() > 1 && many);
    if (places.empty()) return;
    m_headButton->setText(headName(first, headFor(0)));
    QMenu* menu = m_headButton->menu();
    if (menu->actions().size() == static_cast<qsizetype>(places.size()) && menu->property("run").value<quintptr>() == quintptr(&first))
        return;
    menu->setProperty("run", QVariant::fromValue(quintptr(&first)));
    menu->clear();
    for (const HeadPlace& place : places)
        connect(menu->addAction(headName(first, place)), &QAction::triggered, this, [this, place] {
            const Selection& now = m_focus.selection();
            m_focus.select({place.block, place.head, now.query, now.key});
        });
    numberActions(*menu, m_headButton->objectName());
}

bool CompareMaps::ready() const {
    if (!isVisible()) return true;
    if (m_soon.isActive() || (m_best && !m_matching.ready())) return false;
    for (std::size_t i = 0; i < m_runs.size(); ++i) {
        const Focus& focus = focusOf(m_runs[i]);
        const bool traced = focus.run() == m_runs[i] && focus.wantedStep() == focus.shownStep() &&
                            (focus.traceStep() == focus.shownStep() || !focus.traceError().isEmpty());
        if (!traced || i >= m_shown.size() || m_shown[i].trace != focus.trace()) return false;
    }
    return true;
}

const HeadMatching* CompareMaps::matchingOf(const Run* run) const {
    if (m_runs.empty()) return nullptr;
    for (const HeadMatchAnswer& answer : m_matching.answers())
        if (answer.question.a == m_runs.front()->model() && answer.question.b == run->model() && answer.matching)
            return answer.matching.get();
    return nullptr;
}

void CompareMaps::askForMatching() {
    std::vector<HeadMatchQuestion> questions;
    const auto weightsOf = [this](Run* run) {
        const Focus& focus = focusOf(run);
        return focus.run() == run ? focus.checkpoint() : nullptr;
    };
    for (std::size_t i = 1; i < m_runs.size(); ++i) {
        HeadMatchQuestion question{m_runs[0]->model(), m_runs[i]->model(), weightsOf(m_runs[0]), weightsOf(m_runs[i])};
        if (question.weightsA && question.weightsB) questions.push_back(std::move(question));
    }
    if (questions.empty()) return;
    if (m_inputsOf != m_runs.front()) {
        m_inputsOf = m_runs.front();
        m_inputs = sampleInputs(*m_inputsOf, matchingInputs);
    }
    m_matching.ask(std::move(questions), m_inputs);
}

/// Both of the same tokens, or of as many slots.
bool CompareMaps::sameKeys(std::size_t with) const {
    return !m_shown[with].otherTokens &&
           blockOf(*m_runs[0], m_shown[0].head).slotCount == blockOf(*m_runs[with], m_shown[with].head).slotCount;
}

std::optional<double> CompareMaps::overlapWithFirst(int index) const {
    const auto i = static_cast<std::size_t>(index);
    if (i >= m_shown.size() || !sameShape(m_shown[0].map, m_shown[i].map) || !sameKeys(i)) return std::nullopt;
    return mapOverlap(cellsOf(m_shown[0].map), cellsOf(m_shown[i].map), {m_shown[0].map.rows, m_shown[0].map.columns});
}

/// Maps in a row, as large as width and height let them be; the scales below them, the table at the right.
void CompareMaps::arrange() {
    const Theme& theme = Theme::instance();
    m_body->setMinimumHeight(theme.px(leastMap) + MapCard::wordsHeight() + m_scale->sizeHint().height());
    const QSize room = m_body->size();
    if (room.isEmpty() || m_runs.empty()) return;
    const int space = theme.px(compareMapsGap), table = theme.px(tableWidth), scale = m_scale->sizeHint().height();
    const int maps = static_cast<int>(m_runs.size()), all = maps + (maps > 1 ? 1 : 0);
    const int height = std::max(room.height() - scale, 1);
    const int width = std::max((room.width() - table - (all + 1) * space) / all, 1);
    // Cells are square: what a card is wider than high would stay empty.
    const int card = std::min(width, height + theme.px(24));
    int x = space;
    for (int i = 0; i < maps; ++i, x += card + space) m_cards[static_cast<std::size_t>(i)]->setGeometry(x, 0, card, height);
    const auto put = [&](ColorScaleBar* bar, int left, int span) {
        const int shown = std::min(span, theme.px(420));
        bar->setGeometry(left, height, shown, scale);
    };
    put(m_scale, space, x - 2 * space);
    if (maps > 1) {
        m_difference->setGeometry(x, 0, card, height);
        put(m_differenceScale, x, card);
        x += card + space;
    }
    const int across = std::clamp(room.width() - x, table, theme.px(widestTable));
    const int lower = showsChanges() ? std::min(room.height() / 2, across) : 0;
    m_table->setGeometry(x, 0, across, room.height() - lower);
    m_changesPanel->setVisible(lower > 0);
    m_changesPanel->setGeometry(x, room.height() - lower, across, lower);
}

ComparedMap CompareMaps::compared(std::size_t index) const {
    const Shown& shown = m_shown[index];
    return {m_runs[index], blockOf(*m_runs[index], shown.head), shown.head.head, shown.step, shown.map};
}

std::unique_ptr<Figure> CompareMaps::mapsFigure() const {
    std::vector<ComparedMap> maps;
    for (std::size_t i = 0; i < m_runs.size(); ++i)
        if (!m_shown[i].map.empty()) maps.push_back(compared(i));
    return compareMapsFigure(maps, m_focus.input(), m_scale->scaling(), tr("weight"));
}

std::unique_ptr<Figure> CompareMaps::differenceFigure() const {
    const std::size_t with = other();
    if (m_runs.size() < 2 || !sameShape(m_shown[0].map, m_shown[with].map) || !sameKeys(with)) return nullptr;
    return compareDifferenceFigure(compared(0), compared(with), m_difference->map().data(), m_focus.input(), m_differenceScale->scaling());
}

std::vector<FigureOffer> CompareMaps::figures(const QString& fileName) const {
    std::vector<FigureOffer> offers;
    if (m_shown.empty() || m_shown[0].map.empty()) return offers;
    if (picturesShown()) return pictureFigures(fileName);
    offers.push_back({tr("Maps"), fileName + tr("maps"), [this] { return mapsFigure(); }});
    if (m_runs.size() > 1 && sameShape(m_shown[0].map, m_shown[other()].map) && sameKeys(other()))
        offers.push_back({tr("Difference of maps"), fileName + tr("difference"), [this] { return differenceFigure(); }});
    return offers;
}

}  // namespace lab
