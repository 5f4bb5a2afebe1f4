#include "ui/pages/maps/average_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <chrono>

#include "core/analysis/map_stage.h"
#include "core/runs/budget.h"
#include "ui/runs/validation_inputs.h"
#include "ui/scenes/stage_maps.h"
#include "ui/text/message_text.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int averageViewGap = 8;                       // logical px at 100 %
constexpr std::array<int, 3> inputCounts{16, 64, 256};  // that may be averaged over

}  // namespace

bool AverageView::Question::operator==(const Question& other) const {
    return run == other.run && checkpoint == other.checkpoint && most == other.most && like.tokens.size() == other.like.tokens.size() &&
           like.targetTokens.size() == other.like.targetTokens.size();
}

AverageView::AverageView(Focus& focus, QWidget* parent) : QWidget(parent), m_focus(focus) {
    m_own = makeShown("maps.average.own", tr("This input"), tr("The weights of this head on the input below."));
    m_mean = makeShown("maps.average.mean", tr("Mean"), tr("Each weight, averaged over the inputs: where the head looks on average."));
    m_spread = makeShown("maps.average.spread", tr("Spread"),
                         tr("The standard deviation of each weight over the inputs: 0 where they all agree."));
    makeControls();
    m_caption = new ThemedLabel(QString(), TextSize::text, Role::muted);
    m_caption->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_caption);
    auto* row = new QHBoxLayout;
    for (const Shown* shown : {&m_own, &m_mean, &m_spread}) row->addWidget(shown->panel, 1);
    column->addLayout(row, 1);
    for (const Shown* from : {&m_own, &m_mean, &m_spread})
        connect(from->map, &Map::selected, this, [this](int query, int key) {
            Selection selection = m_focus.selection();
            selection.query = query;
            selection.key = key;
            m_focus.select(selection);
            for (const Shown* to : {&m_own, &m_mean, &m_spread}) to->map->setSelection({query, key});
        });
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &AverageView::compute);
    keepSpacing(column, averageViewGap);
    keepSpacing(row, averageViewGap);
}

AverageView::Shown AverageView::makeShown(const char* id, const QString& title, const QString& help) {
    const Shown shown{new PanelFrame(title, this), named(id, new Map(MapForm::values(), title))};
    shown.panel->setDense(true);
    shown.panel->setToolTip(help);
    shown.map->setAxes(tr("query"), tr("key"));
    shown.map->setSquare(true);
    shown.panel->setContent(shown.map);
    return shown;
}

void AverageView::makeControls() {
    m_heads = named("maps.average.head", new QComboBox);
    m_heads->setAccessibleName(tr("Which head"));
    m_own.panel->addControl(m_heads);
    m_counts = named("maps.average.inputs", new QComboBox);
    m_counts->setAccessibleName(tr("How many inputs"));
    for (const int count : inputCounts) m_counts->addItem(QString::number(count), count);
    m_counts->setCurrentIndex(1);
    m_mean.panel->addControl(new Caption(tr("inputs"), m_counts));
    m_mean.panel->addControl(m_counts);
    connect(m_counts, &QComboBox::currentIndexChanged, this, &AverageView::compute);
    connect(m_heads, &QComboBox::activated, this, [this](int index) {
        Selection selection = m_focus.selection();
        selection.block = m_scene.heads[static_cast<std::size_t>(index)].block;
        selection.head = m_scene.heads[static_cast<std::size_t>(index)].head;
        m_focus.select(selection);
        show();
    });
}

void AverageView::look(const MapsScene& scene, std::int64_t step) {
    m_scene = scene;
    m_step = step;
    fillHeads();
    show();
    compute();
}

void AverageView::fillHeads() {
    const QSignalBlocker quiet(m_heads);
    QStringList names;
    for (std::size_t i = 0; i < m_scene.heads.size(); ++i) names << m_scene.head(i).name;
    bool same = m_heads->count() == names.size();
    for (int i = 0; same && i < names.size(); ++i) same = m_heads->itemText(i) == names[i];
    if (same) return;
    m_heads->clear();
    m_heads->addItems(names);
}

AverageView::Question AverageView::wanted() const {
    const Input& input = m_focus.input();
    return {m_focus.run(),
            m_focus.checkpoint(),
            {input.tokens, input.targetTokens, {}},
            static_cast<std::size_t>(m_counts->currentData().toInt())};
}

/// One set of weights at a time; of those that come meanwhile the newest is next.
void AverageView::compute() {
    const Question question = wanted();
    if (!question.run || !question.checkpoint || m_computed == question) return;
    const bool byHand = m_computed.run != question.run || m_computed.most != question.most ||
                        m_computed.like.tokens.size() != question.like.tokens.size() ||
                        m_computed.like.targetTokens.size() != question.like.targetTokens.size();
    if (!byHand && (m_busy || m_rest.isActive())) return;
    m_busy = true;
    m_computed = question;
    m_task.request(
        [this, question, model = question.run->model(),
         data = question.run->dataset()](const LatestTask::Wanted& asked) -> LatestTask::Found {
            const auto start = std::chrono::steady_clock::now();
            const bool fits = averageFits(*model, question.like);
            std::vector<Sample> samples;
            if (fits) samples = validationInputs(*data, question.like, question.most);
            std::optional<AverageMaps> maps;
            if (!samples.empty()) {
                maps = averageMaps(*model, question.checkpoint->weights, samples, [&asked] { return !asked(); });
                if (!maps) return {};
            }
            const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            const Result result{question.run, question.checkpoint->step, question.like, std::move(maps), fits, seconds};
            return [this, result] { take(result); };
        },
        [this](const QString& why) {
            m_busy = false;
            m_caption->setText(why);
        });
}

void AverageView::take(const Result& result) {
    m_busy = false;
    m_result = std::make_shared<const Result>(result);
    if (result.run != m_focus.run()) return;
    if (m_focus.run()->state() == Run::State::training) m_rest.start(budget::restAfter(result.seconds));
    show();
    compute();
}

QString AverageView::lengthText(const Sample& like) const {
    const QString tokens = counted(LAB_PLURAL("average", "%n token(s)"), std::ssize(like.tokens));
    return like.targetTokens.empty() ? tokens : tr("%1, decoder %2").arg(tokens).arg(like.targetTokens.size());
}

QString AverageView::inputsText() const {
    if (!m_result || !m_result->maps) return {};
    return counted(LAB_PLURAL("average", "%n validation input(s) of %1"), m_result->maps->inputs, {lengthText(m_result->like)});
}

void AverageView::showMap(const Shown& shown, const MapData& cells, const ColorScaling& scaling, const QString& quantity) {
    shown.map->setQuantity(quantity, [](double value) { return fixed(value, 4); });
    shown.map->setData(cells, scaling);
    shown.map->setSelection({m_focus.selection().query, m_focus.selection().key});
}

void AverageView::show() {
    if (m_scene.empty() || !m_focus.run()) return;
    const std::size_t index = m_scene.indexOf(m_focus.selection());
    m_heads->setCurrentIndex(static_cast<int>(index));
    const HeadPlace place = m_scene.heads[index];
    const MapsBlock& block = m_scene.blocks[static_cast<std::size_t>(place.block)];
    const QString name = headTitle(block, place.head);
    m_own.map->setSubject(tr("Weights of %1 on this input").arg(name));
    m_mean.map->setSubject(tr("Mean weights of %1").arg(name));
    m_spread.map->setSubject(tr("Spread of the weights of %1").arg(name));
    m_own.map->setNames(block.rowTokens, block.columnTokens);
    m_own.map->setMuted(block.mutedRows, block.mutedColumns);
    m_own.map->setPictures(m_scene.pictures, m_scene.pictures);
    const MapData& own = block.heads[static_cast<std::size_t>(place.head)].weights;
    const ColorScaling scaling = weightScaling(own, m_scene.hasSignedWeights(block));
    showMap(m_own, own, scaling, tr("weight"));
    m_own.panel->setSubtitle(name);
    const bool known = m_result && m_result->run == m_focus.run() && m_result->maps;
    m_mean.panel->setSubtitle(known ? tr("step %1").arg(grouped(m_result->step)) : QString());
    if (!known) {
        const bool none = m_result && m_result->run == m_focus.run();
        for (Shown* shown : {&m_mean, &m_spread}) {
            shown->map->setEmptyText(none ? tr("Nothing to average") : QString());
            shown->map->setData({}, {});
        }
        const QString length = none ? lengthText(m_result->like) : QString();
        m_caption->setText(!none ? QStringLiteral(" ")
                           : m_result->fits
                               ? tr("No validation input is as long as this one (%1), so there is nothing to average.").arg(length)
                               : tr("Maps of inputs this long (%1) are too large to be averaged here.").arg(length));
        return;
    }
    const AverageMaps::Block& average = m_result->maps->blocks[static_cast<std::size_t>(place.block)];
    const std::size_t from = static_cast<std::size_t>(place.head) * average.allowed.size();
    const auto part = [&](const std::vector<float>& values) {
        return MapData{average.queries, average.keys, {m_result, values.data() + from}, {m_result, average.allowed.data()}};
    };
    showMap(m_mean, part(average.mean), scaling, tr("mean weight"));
    const double most = largestMagnitude(average.spread.data() + from, average.allowed.size());
    showMap(m_spread, part(average.spread), {ColorMap::Kind::trace, 0.0, scaleBound(most)}, tr("standard deviation"));
    m_caption->setText(tr("Mean and standard deviation over the first %1, step %2. The largest spread of a weight is %3. Cells with "
                          "a small spread are nearly the same for every input.")
                           .arg(inputsText(), grouped(m_result->step), fixed(most, 3)));
}

}  // namespace lab
