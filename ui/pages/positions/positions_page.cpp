#include "ui/pages/positions/positions_page.h"

#include <QComboBox>
#include <QKeyEvent>
#include <QSpinBox>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "core/config/model_config.h"
#include "ui/pages/positions/alibi_view.h"
#include "ui/pages/positions/bias_view.h"
#include "ui/pages/positions/permutation_view.h"
#include "ui/pages/positions/position_map_view.h"
#include "ui/pages/positions/positions_figures.h"
#include "ui/pages/positions/rope_circles.h"
#include "ui/pages/positions/rope_extension_view.h"
#include "ui/pages/positions/rope_phases.h"
#include "ui/pages/positions/table_view.h"
#include "ui/scenes/key_words.h"
#include "ui/scenes/no_attention.h"
#include "ui/text/language.h"
#include "ui/text/terms.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/current_stack.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/error_strip.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/page_header.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spin_text.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int positionsPageMargin = 8;
constexpr int foldedHeader = 800;     ///< its controls need so much with the kinds in a box
constexpr int unfoldedHeader = 1160;  ///< and with all of them side by side

PositionsPage::Kind kindOf(const ModelConfig& config) {
    const PositionSpec& position = specOf(config.position.kind);
    const bool learnsDistances = position.biasTable || position.vectors;  // beside which the map's account does not hold
    if (config.attends() && specOf(config.attention.form).positionMap && !learnsDistances) return PositionsPage::Kind::positionMap;
    switch (config.position.kind) {
        case PositionKind::rope:
            return PositionsPage::Kind::rope;
        case PositionKind::sinusoidal:
            return PositionsPage::Kind::sinusoidal;
        case PositionKind::learned:
            return PositionsPage::Kind::learned;
        case PositionKind::alibi:
            return PositionsPage::Kind::alibi;
        case PositionKind::relative_bias:
        case PositionKind::relative:
            return PositionsPage::Kind::relative;
        case PositionKind::none:
            break;
    }
    return PositionsPage::Kind::none;
}

}  // namespace

PositionsPage::PositionsPage(Focus& focus, QWidget* parent) : Page(focus, parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(0);
    makeHeader();
    layout->addWidget(m_header);
    m_stack = new CurrentStack(this);
    makeViews();
    layout->addWidget(m_stack, 1);
    connect(&m_study, &RopeStudy::positionsChanged, this, &PositionsPage::refreshTitle);
    connect(&m_study, &RopeStudy::vectorsChanged, this, &PositionsPage::refreshTitle);
    followTheme(this, &PositionsPage::applyMeasures);
    refreshView();
}

QWidget* PositionsPage::mainPart() {
    return m_stack;
}

void PositionsPage::makeHeader() {
    m_header = new PageHeader(this);
    m_previousHead = named("positions.header.previous_head", new Button(Glyph::chevronLeft, tr("Previous head (Page Up)"), m_header));
    m_nextHead = named("positions.header.next_head", new Button(Glyph::chevronRight, tr("Next head (Page Down)"), m_header));
    m_query = named("positions.header.query", new QSpinBox(m_header));
    setAround(*m_query, tr("query %1"));
    m_query->setAccessibleName(tr("Query token"));
    m_key = named("positions.header.key", new QSpinBox(m_header));
    setAround(*m_key, tr("key %1"));
    m_key->setAccessibleName(tr("Key token"));
    m_header->setLeastWidth(foldedHeader);
    const QStringList kinds = {tr("RoPE"), tr("sinusoidal"), tr("learned"), tr("ALiBi"), tr("relative"), tr("KV+Pos"), tr("none")};
    m_kinds = named("positions.header.kind", new SegmentedControl(kinds, tr("Kind of positions")));
    m_kinds->setChoiceToolTip(static_cast<int>(Kind::relative),
                              tr("Learned terms of a score for the distance: relative-bias (T5) and relative (Transformer-XL)"));
    m_kinds->setChoiceToolTip(static_cast<int>(Kind::positionMap), termHelp(QStringLiteral("kv+pos")));
    m_kindBox = named("positions.header.kind_list", new QComboBox);
    m_kindBox->addItems(kinds);
    m_kindBox->setAccessibleName(tr("Kind of positions"));
    m_kindBox->hide();
    m_ropeViews =
        named("positions.header.rope_view", new SegmentedControl({tr("circles"), tr("phases"), tr("extension")}, tr("View of RoPE")));
    QSizePolicy staying = m_ropeViews->sizePolicy();
    staying.setRetainSizeWhenHidden(true);  // the other controls keep their place
    m_ropeViews->setSizePolicy(staying);
    m_header->addControl(m_previousHead);
    m_header->addControl(m_nextHead);
    m_header->addControl(m_query);
    m_header->addControl(m_key);
    m_header->addControl(m_kinds);
    m_header->addControl(m_kindBox);
    m_header->addControl(m_ropeViews);
    m_header->addControl(makeExportButton());
    connect(m_previousHead, &QPushButton::clicked, this, [this] { chooseHead(-1); });
    connect(m_nextHead, &QPushButton::clicked, this, [this] { chooseHead(1); });
    connect(m_query, &QSpinBox::valueChanged, this, &PositionsPage::choosePlace);
    connect(m_key, &QSpinBox::valueChanged, this, &PositionsPage::choosePlace);
    connect(m_kinds, &SegmentedControl::chosen, this, [this](int index) { setKind(static_cast<Kind>(index)); });
    connect(m_kindBox, &QComboBox::activated, this, [this](int index) { setKind(static_cast<Kind>(index)); });
    connect(m_ropeViews, &SegmentedControl::chosen, this, [this](int index) { setRopeView(static_cast<RopeView>(index)); });
}

void PositionsPage::makeViews() {
    m_circles = new RopeCircles(m_study, m_stack);
    m_phases = new RopePhases(m_study, m_stack);
    m_extension = new RopeExtensionView(m_study, m_stack);
    connect(m_extension, &RopeExtensionView::resultWanted, this, [this] {
        setRopeView(RopeView::extension);
        emit placeWanted({.page = iconName()});
    });
    m_views = {named("positions.sinusoidal", new TableView(TableView::Kind::sinusoidal, m_stack)),
               named("positions.learned", new TableView(TableView::Kind::learned, m_stack)),
               new AlibiView(m_stack),
               new BiasView(m_stack),
               new PositionMapView(m_stack),
               new PermutationView(m_stack)};
    for (QWidget* part : {static_cast<QWidget*>(m_circles), static_cast<QWidget*>(m_phases), static_cast<QWidget*>(m_extension)})
        m_stack->addWidget(part);
    for (PositionView* part : m_views) m_stack->addWidget(part);
    m_absence = new EmptyState(tr("Nothing to draw here"), QString(), {}, m_stack);
    m_stack->addWidget(m_absence);
    m_error = ErrorStrip::pageOf(*m_stack);
}

void PositionsPage::applyMeasures() {
    const Theme& theme = Theme::instance();
    layout()->setContentsMargins(theme.px(positionsPageMargin), 0, theme.px(positionsPageMargin), theme.px(positionsPageMargin));
    for (QWidget* box : {static_cast<QWidget*>(m_query), static_cast<QWidget*>(m_key), static_cast<QWidget*>(m_kindBox)}) {
        box->setFixedHeight(theme.px(24));
        box->setFont(theme.font(TextSize::text));
    }
    foldHeader();
}

void PositionsPage::foldHeader() {
    const bool was = m_kindBox->isVisibleTo(m_header);
    // What they need side by side; more than that with the long words of another language.
    const QWidget* controls = m_kinds->parentWidget();
    const int others = controls->sizeHint().width() - (was ? m_kindBox->sizeHint() : m_kinds->sizeHint()).width();
    const int unfolded = std::max(Theme::instance().px(unfoldedHeader), others + m_kinds->sizeHint().width());
    const bool folded = m_header->width() < unfolded;
    if (folded == was) return;
    m_kinds->setVisible(!folded);
    m_kindBox->setVisible(folded);
}

void PositionsPage::resizeEvent(QResizeEvent* event) {
    Page::resizeEvent(event);
    layout()->activate();
    foldHeader();
}

PositionView* PositionsPage::view() const {
    return m_kind == Kind::rope ? nullptr : m_views[static_cast<std::size_t>(m_kind) - 1];
}

bool PositionsPage::ready() const {
    const PositionView* shown = view();
    return !shown || shown->ready();
}

void PositionsPage::setKind(Kind kind) {
    m_kind = kind;
    showKind();
    refreshView();
}

void PositionsPage::showKind() {
    m_kinds->setCurrent(static_cast<int>(m_kind));
    m_kindBox->setCurrentIndex(static_cast<int>(m_kind));
}

void PositionsPage::setRopeView(RopeView view) {
    m_ropeView = view;
    m_ropeViews->setCurrent(static_cast<int>(view));
    refreshView();
}

std::vector<FigureOffer> PositionsPage::figures() {
    const QString run = m_scene.run ? m_scene.run->name() : tr("free vectors");
    FigureSubject subject{run, m_scene.checkpoint ? m_scene.checkpoint->step : -1, m_header->title()};
    if (m_scene.run) subject.input = inputWords(*m_scene.run, m_scene.input);
    std::vector<FigureOffer> offers = partOffers(*m_stack->currentWidget(), subject);
    if (m_kind == Kind::rope && m_ropeView == RopeView::circles && m_study.pairs() > 0) {
        auto study = std::make_shared<RopeStudy>();
        study->copy(m_study);
        offers.insert(offers.begin(),
                      {tr("Pairs and score"), figureFile(subject, tr("rope")), [=] { return ropeFigure(subject, *study); }});
    }
    return offers;
}

void PositionsPage::chooseHead(int by) {
    if (!focus().run()) return;
    const auto& blocks = focus().run()->model()->attentionBlocks();
    Selection selection = focus().selection();
    const int count = static_cast<int>(blocks.size());
    if (count == 0) return;
    selection.head += by;
    if (selection.head < 0) {
        selection.block = (selection.block + count - 1) % count;
        selection.head = blocks[static_cast<std::size_t>(selection.block)].heads - 1;
    } else if (selection.head >= blocks[static_cast<std::size_t>(selection.block)].heads) {
        selection.block = (selection.block + 1) % count;
        selection.head = 0;
    }
    focus().select(selection);
    refresh();
}

void PositionsPage::choosePlace() {
    if (!focus().run()) return;
    Selection selection = focus().selection();
    selection.query = m_query->value();
    selection.key = m_key->value();
    focus().select(selection);
    refresh();
}

void PositionsPage::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_PageUp)
        chooseHead(-1);
    else if (event->key() == Qt::Key_PageDown)
        chooseHead(1);
    else
        Page::keyPressEvent(event);
}

PositionScene PositionsPage::lookAround() const {
    PositionScene scene;
    Run* run = focus().run();
    if (!run) return scene;
    scene.run = run;
    scene.trace = focus().trace();
    scene.input = focus().input();
    scene.selection = focus().selection();
    // The trace may lag behind the shown step: its own weights count.
    scene.checkpoint = focus().checkpoint();
    if (scene.trace && scene.checkpoint && scene.checkpoint->step != focus().traceStep()) {
        if (const CheckpointPtr kept = run->history().atOrBefore(focus().traceStep()); kept && kept->step == focus().traceStep())
            scene.checkpoint = kept;
    }
    const AttentionBlock* block = scene.block();
    if (!block) return scene;
    const SequenceWords words(*run);
    const QStringList queries = queryWords(words, *block, scene.input), keys = keyWords(words, *block, scene.input, scene.trace.get());
    scene.queryTokens = {queries.begin(), queries.end()};
    scene.keyTokens = {keys.begin(), keys.end()};
    return scene;
}

void PositionsPage::refresh() {
    Run* run = focus().run();
    if (run != m_run || (!run && !m_met)) {
        m_run = run;
        m_met = true;
        if (run) {
            m_kind = kindOf(run->model()->config());
            showKind();
            // A token beside itself would show nothing of distance.
            if (const Selection& at = focus().selection(); at.query == 0 && at.key == 0) focus().select({at.block, at.head, 9, 6});
        }
    }
    m_scene = lookAround();
    m_study.look(m_scene.run ? &m_scene.run->experiment() : nullptr, m_scene.run ? m_scene.run->model() : nullptr, m_scene.trace,
                 m_scene.selection);
    m_extension->look(m_scene);
    refreshHeader();
    refreshView();
}

void PositionsPage::refreshView() {
    refreshTitle();
    m_ropeViews->setVisible(m_kind == Kind::rope);
    const bool ofHeads = m_kind != Kind::sinusoidal && m_kind != Kind::learned && m_kind != Kind::rope;
    if (const auto lack = ofHeads ? noAttention(m_scene.run) : std::nullopt) {
        m_absence->setTexts(lack->sentence, m_kind == Kind::none
                                                ? tr("A net with weights of its own for every position mixes them: it knows "
                                                     "their order with or without an encoding.")
                                                : lack->help);
        m_stack->setCurrentWidget(m_absence);
        return;
    }
    if (PositionView* part = view()) {
        const QString absence = part->absence(m_scene);
        if (!absence.isEmpty()) {
            m_absence->setTexts(tr("Nothing to draw here"), absence);
            m_stack->setCurrentWidget(m_absence);
            return;
        }
        if (m_scene.run && !focus().traceError().isEmpty()) {
            m_error->setTexts(tr("There is no trace of this input"), focus().traceError(), tr("Free vectors under RoPE need none."));
            m_stack->setCurrentWidget(m_error->parentWidget());
            return;
        }
        part->look(m_scene);
        m_stack->setCurrentWidget(part);
        return;
    }
    QWidget* const ropeParts[] = {m_circles, m_phases, m_extension};
    m_stack->setCurrentWidget(ropeParts[static_cast<std::size_t>(m_ropeView)]);
}

void PositionsPage::refreshHeader() {
    const AttentionBlock* block = m_scene.block();
    const bool places = block && m_study.hasModel();
    m_previousHead->setVisible(block);
    m_nextHead->setVisible(block);
    m_query->setVisible(places);
    m_key->setVisible(places);
    if (!block) {
        const auto lack = noAttention(m_scene.run);
        m_header->setText(m_kind == Kind::rope ? tr("Free vectors") : tr("Positions"), lack ? lack->sentence : tr("no run is open"));
        return;
    }
    const auto fill = [](QSpinBox* box, const std::vector<QString>& words, int value) {
        const QSignalBlocker quiet(box);
        box->setRange(0, std::max(static_cast<int>(words.size()) - 1, 0));
        box->setValue(value);
        box->setSuffix(static_cast<std::size_t>(value) < words.size() ? QLatin1Char(' ') + quoted(words[static_cast<std::size_t>(value)])
                                                                      : QString());
    };
    fill(m_query, m_scene.queryTokens, m_scene.selection.query);
    fill(m_key, m_scene.keyTokens, m_scene.selection.key);
    refreshTitle();
}

void PositionsPage::refreshTitle() {
    const AttentionBlock* block = m_scene.block();
    if (!block) return;
    QString layer = tr("Layer %1").arg(block->layer);
    if (block->cross)
        layer = tr("Cross-attention %1").arg(block->layer);
    else if (m_scene.run->model()->config().architecture == Architecture::encoder_decoder)
        layer = (block->side == "decoder" ? tr("Decoder layer %1") : tr("Encoder layer %1")).arg(block->layer);
    QString detail;
    if (m_kind == Kind::rope && m_study.isFree())
        detail = tr("free vectors");
    else if (m_kind == Kind::rope && !m_study.modelRotates())
        detail = tr("what if it used RoPE");
    else if (m_kind == Kind::rope)
        detail = m_study.displacement();
    m_header->setText(layer + QStringLiteral(" \u00B7 ") + tr("head %1").arg(m_scene.selection.head), detail);
}

}  // namespace lab
