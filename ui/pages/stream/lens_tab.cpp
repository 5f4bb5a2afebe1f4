#include "ui/pages/stream/lens_tab.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "core/config/experiment.h"
#include "ui/pages/stream/depth_panel.h"
#include "ui/pages/stream/lens_map.h"
#include "ui/pages/stream/logit_panel.h"
#include "ui/pages/stream/stream_figures.h"
#include "ui/pages/stream/stream_tab.h"
#include "ui/pages/stream/waterfall_view.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/column.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

constexpr int lensGap = 8, depthWidth = 290, scaleWidth = 240;  // logical px at 100 %

}  // namespace

PageTab* makeLensTab(Focus& focus, QWidget* parent) {
    return new LensTab(focus, parent);
}

LensTab::LensTab(Focus& focus, QWidget* parent) : PageTab(focus, parent) {
    m_stack = new QStackedWidget(this);
    m_none = named("stream.lens.none", new EmptyState({}, {}));
    m_stack->addWidget(m_none);
    m_stack->addWidget(makeContent());
    column(this)->addWidget(m_stack);
    connect(&m_study, &LensStudy::changed, this, &PageTab::refreshWanted);
    connect(m_rows, &SegmentedControl::chosen, this, &PageTab::refreshWanted);
    connect(m_cell, &SegmentedControl::chosen, this, &PageTab::refreshWanted);
    connect(m_map, &LensMap::chosenByHand, this,
            [this](int row, int position) { take(m_scene.rows[static_cast<std::size_t>(row)], position); });
    connect(m_map, &LensMap::hoverChanged, this, &LensTab::showHand);
    connect(m_map, &LensMap::activated, this, &LensTab::openExplain);
    connect(m_depth, &DepthPanel::placeWanted, this, [this](int place) { take(place, m_study.found()->question.position); });
    connect(m_logit, &LogitPanel::asked, this, &LensTab::ask);
    connect(m_logit, &LogitPanel::changed, this, &PageTab::changed);
    connect(m_logit, &LogitPanel::mapsWanted, this, &LensTab::openMaps);
}

LensTab::~LensTab() = default;

void LensTab::makeControls() {
    m_rows = named("stream.lens.rows", new SegmentedControl({tr("layers"), tr("every part"), tr("every 2nd layer")}, tr("Rows")));
    m_rows->setChoiceToolTip(0, tr("The embedding, and the stream behind each layer"));
    m_rows->setChoiceToolTip(1, tr("Also behind attention and behind the feed-forward part"));
    m_rows->setChoiceToolTip(2, tr("The embedding, every second layer and the last one"));
    m_rows->setChoiceShown(2, false);
    m_cell = named("stream.lens.cell", new SegmentedControl({tr("top token"), tr("rank"), tr("entropy")}, tr("Cell")));
    m_cell->setChoiceToolTip(0, tr("The likeliest answer and its probability"));
    m_cell->setChoiceToolTip(2, tr("Of the whole distribution, in bits"));
    for (SegmentedControl* choice : {m_rows, m_cell}) {
        choice->setHeight(20);
        m_mapPanel->addControl(choice);
    }
}

QWidget* LensTab::makeMap() {
    m_mapPanel = new PanelFrame(tr("What the stream already says"));
    m_mapPanel->setShortTitle(tr("Lens"));
    makeControls();
    m_mapPanel->setToolTip(
        tr("Logit lens (nostalgebraist 2020): each state of the residual stream is read by the model's own output head, through the norm "
           "before it where there is one, as if nothing came behind. Later norms and layers are not meant for being left out: a cell says "
           "what the head would answer there, not what the model has decided. Models with norms behind their parts are read behind "
           "those."));
    m_map = named("stream.lens.map", new LensMap);
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    lines->addWidget(m_map, 1);
    lines->addWidget(makeFoot());
    keepSpacing(lines, {6, 4, 6, 4}, 2);
    m_mapPanel->setContent(body);
    return m_mapPanel;
}

QWidget* LensTab::makeFoot() {
    auto* foot = new QWidget;
    auto* row = new QHBoxLayout(foot);
    m_scale = new ColorScaleBar;
    followTheme(m_scale, [scale = m_scale] { scale->setFixedWidth(Theme::instance().px(scaleWidth)); });
    m_verdict = new ElidedLabel({}, TextSize::axis, Role::right, true);
    row->addWidget(m_scale);
    row->addWidget(new ElidedLabel(tr("line at the foot: already the final answer"), TextSize::caption, Role::muted));
    row->addStretch(1);
    row->addWidget(m_verdict);
    keepSpacing(row, {0, 0, 0, 0}, 12);
    return foot;
}

QWidget* LensTab::makeContent() {
    auto* content = new QWidget;
    auto* lines = new QVBoxLayout(content);
    auto* top = new QHBoxLayout;
    m_depth = new DepthPanel;
    m_logit = new LogitPanel;
    followTheme(m_depth, [depth = m_depth] { depth->setFixedWidth(Theme::instance().px(depthWidth)); });
    top->addWidget(makeMap(), 1);
    top->addWidget(m_depth);
    lines->addLayout(top, 6);
    lines->addWidget(m_logit, 5);
    keepSpacing(top, {0, 0, 0, 0}, lensGap);
    keepSpacing(lines, {0, 0, 0, 0}, lensGap);
    return content;
}

TabHeading LensTab::heading() const {
    const auto& found = m_study.found();
    if (!found || !found->lens || m_scene.empty()) return {tr("Residual stream")};
    const auto [read, all] = m_study.placesRead();
    if (all > 0) return {tr("Residual stream"), tr("being read: place %1 of %2").arg(read + 1).arg(all)};
    const int position = found->question.position;
    return {tr("Residual stream"), tr("position %1 %2 → %3, step %4")
                                       .arg(QString::number(position), quotedToken(m_scene.tokens.value(position)),
                                            quotedClass(m_scene, found->question.answer), grouped(found->step))};
}

void LensTab::meet(Run* run) {
    if (run == m_run) return;
    m_run = run;
    m_place = m_position = -1;
    m_logit->forget();
    const bool deep = run && isDeep(*run->model());
    if (deep || m_rows->current() == 2) m_rows->setCurrent(deep ? 2 : 0);
    m_rows->setChoiceShown(2, deep);
}

void LensTab::ask() {
    LensQuestion question;
    question.position = m_position;
    question.againstOther = m_logit->againstOther();
    question.split = m_logit->split();
    const auto& found = m_study.found();
    if (found && found->lens && m_position >= 0 && m_place >= 0 && m_place < static_cast<int>(found->lens->states.places.size()) &&
        m_position < found->lens->states.positions)
        question.other = found->lens->at(m_place, m_position).top;
    m_study.look(focus().run(), focus().checkpoint(), focus().input(), question);
}

void LensTab::refresh() {
    meet(focus().run());
    if (!m_run) {
        m_study.forget();
        return showNothing(tr("No run is open"));
    }
    applyNotes();
    ask();
    showAll();
    emit changed();
}

void LensTab::showAll() {
    const auto& found = m_study.found();
    const auto [read, all] = m_study.placesRead();
    if (!found && all > 0) return showNothing(tr("The stream is being read: place %1 of %2").arg(read + 1).arg(all));
    if (!found) return showNothing(tr("The stream is being read"));
    if (!found->lens) return showNothing(found->error);
    m_stack->setCurrentIndex(1);
    showMap();
    m_depth->show(*found, m_scene, placeInHand());
    m_logit->show(found, m_scene, *m_run, focus().checkpoint());
}

void LensTab::showNothing(const QString& sentence) {
    m_scene = {};
    m_none->setTexts(sentence, tr("The lens reads the residual stream of a model that answers with tokens or classes, at every position "
                                  "and behind every layer, with the model's own output head."));
    m_stack->setCurrentIndex(0);
}

int LensTab::placeInHand() const {
    const int places = static_cast<int>(m_study.found()->lens->states.places.size());
    return m_place >= 0 && m_place < places ? m_place : places - 1;
}

void LensTab::showMap() {
    const auto& found = *m_study.found();
    const bool asked = std::ranges::any_of(found.input.targets, [](int target) { return target >= 0; });
    m_cell->setChoiceEnabled(1, asked, tr("Nothing is known to be right for this input"));
    if (asked) m_cell->setChoiceToolTip(1, tr("Place of the true answer by probability, 1 = likeliest"));
    if (!asked && m_cell->current() == 1) m_cell->setCurrent(0);
    m_scene = lensScene(*m_run, found.input, found.lens, static_cast<LensScene::Rows>(m_rows->current()),
                        static_cast<LensScene::Cell>(m_cell->current()));
    m_mapPanel->setSubtitle(m_run->model()->config().norm.placement == NormPlacement::post
                                ? tr("logit lens: every state behind its norm, read with the output head")
                                : tr("logit lens: every state read through the last norm with the output head"));
    m_map->setScene(m_scene);
    const bool stays = m_position >= 0 && m_position < m_scene.columns();
    m_map->setChosen({m_scene.rowOf(placeInHand()), stays ? m_position : found.question.position});
    m_scale->setScaling(m_scene.scaling());
    m_scale->setQuantity(m_scene.quantity());
    m_check = lensCheck(*found.lens);
    m_verdict->setText(m_check);
    m_verdict->setRole(verdictRole(m_check));
    showHand();
}

void LensTab::showHand() {
    const MapCell cell = m_map->hovered().valid() ? m_map->hovered() : m_map->chosen();
    m_scale->setNeedle(m_scene.contains(cell.row, cell.column) ? std::optional(m_scene.value(cell.row, cell.column)) : std::nullopt);
}

void LensTab::take(int place, int position) {
    m_place = place;
    m_position = position;
    ask();
    m_depth->show(*m_study.found(), m_scene, placeInHand());
    m_map->setChosen({m_scene.rowOf(place), position});
    showHand();
}

void LensTab::openExplain(int row, int position) {
    const ModelConfig& config = m_run->model()->config();
    const StreamPlace& at = m_scene.lens->states.places[static_cast<std::size_t>(m_scene.rows[static_cast<std::size_t>(row)])];
    Place place{.page = QStringLiteral("explain")};
    const std::vector<AttentionBlock>& blocks = m_run->model()->attentionBlocks();
    const std::string name = at.layer < 0 ? std::string() : blockName(config, at.layer) + ".attention";
    const bool attends = std::ranges::find(blocks, name, &AttentionBlock::name) != blocks.end();
    if (attends) {
        place.block = QString::fromStdString(name);
        place.query = position;
    }
    emit placeWanted(place);
}

void LensTab::openMaps(int block, int head, int key) {
    Place place{.page = QStringLiteral("maps")};
    place.block = QString::fromStdString(m_run->model()->attentionBlocks()[static_cast<std::size_t>(block)].name);
    place.head = head;
    place.query = m_study.found()->question.position;
    if (key >= 0) place.key = key;
    emit placeWanted(place);
}

bool LensTab::showCell(const QString& cell) {
    if (cell.isEmpty()) return true;
    bool isPlace = false, isPosition = false;
    const int place = cell.section(QLatin1Char(','), 0, 0).toInt(&isPlace), position = cell.section(QLatin1Char(','), 1).toInt(&isPosition);
    if (!isPlace || !isPosition || place < 0 || position < 0) return false;
    m_place = place;
    m_position = position;
    emit refreshWanted();
    return true;
}

QJsonObject LensTab::notes() const {
    if (m_kept || !m_run) return m_kept.value_or(QJsonObject());
    QJsonObject notes;
    const int usual = isDeep(*m_run->model()) ? 2 : 0;
    if (m_rows->current() != usual) notes[QStringLiteral("rows")] = m_rows->current();
    if (m_cell->current() > 0) notes[QStringLiteral("cell")] = m_cell->current();
    if (m_logit->againstOther()) notes[QStringLiteral("against_other")] = true;
    if (m_logit->overMany()) notes[QStringLiteral("over_many")] = true;
    if (m_place >= 0) notes[QStringLiteral("place")] = m_place;
    if (m_position >= 0) notes[QStringLiteral("position")] = m_position;
    return notes;
}

void LensTab::takeNotes(const QJsonObject& notes) {
    m_kept = notes;
    emit refreshWanted();
}

void LensTab::applyNotes() {
    if (!m_kept) return;
    const QJsonObject kept = *std::exchange(m_kept, std::nullopt);
    const bool deep = isDeep(*m_run->model());
    m_rows->setCurrent(std::clamp(kept[QStringLiteral("rows")].toInt(deep ? 2 : 0), 0, deep ? 2 : 1));
    m_cell->setCurrent(std::clamp(kept[QStringLiteral("cell")].toInt(), 0, 2));
    m_logit->setAgainstOther(kept[QStringLiteral("against_other")].toBool());
    m_logit->setOverMany(kept[QStringLiteral("over_many")].toBool());
    m_place = kept[QStringLiteral("place")].toInt(-1);
    m_position = kept[QStringLiteral("position")].toInt(-1);
}

bool LensTab::escape() {
    return m_logit->join();
}

QWidget* LensTab::mainPart() {
    return m_stack->currentIndex() == 0 ? static_cast<QWidget*>(m_none) : m_mapPanel;
}

bool LensTab::ready() const {
    return !m_run || (m_study.upToDate() && m_logit->ready());
}

FigureSubject LensTab::subject() const {
    const auto& found = *m_study.found();
    return {m_run->name(), found.step, {}, inputWords(*m_run, found.input)};
}

std::vector<FigureOffer> LensTab::figures() {
    if (m_scene.empty() || !m_run) return {};
    const FigureSubject subject = this->subject();
    std::vector<FigureOffer> offers;
    offers.push_back({lensTitle(), figureFile(subject, tr("lens")), [=, scene = m_scene] { return lensFigure(subject, scene); }});
    if (!m_logit->scene().empty())
        offers.push_back({logitTitle(), figureFile(subject, tr("logit")),
                          [=, subtitle = m_logit->subtitle(), scene = m_logit->scene(), check = m_logit->check()] {
                              return logitFigure(subject, subtitle, scene, check);
                          }});
    for (FigureOffer& offer : partOffers(*this, subject)) offers.push_back(std::move(offer));
    return offers;
}

}  // namespace lab
