#include "ui/pages/maps/flow_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <algorithm>
#include <chrono>

#include "core/analysis/attention_flow.h"
#include "core/analysis/map_stage.h"
#include "core/runs/budget.h"
#include "ui/text/message_text.h"
#include "ui/text/terms.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int flowViewGap = 8;

Map* shareMap(const QString& name) {
    auto* map = new Map(MapForm::values(), name);
    map->setAxes(FlowView::tr("position above"), FlowView::tr("input position"));
    map->setQuantity(FlowView::tr("share"), [](double value) { return fixed(value, 3); });
    map->setSquare(true);
    return map;
}

MapData dataOf(const AttentionMatrix& matrix) {
    return mapOf({matrix.values.begin(), matrix.values.end()}, matrix.n, matrix.n);
}

/// Through several layers every share is small: the scale reaches as far as the largest.
ColorScaling scalingOf(const AttentionMatrix& matrix) {
    return {ColorMap::Kind::trace, 0.0, scaleBound(*std::max_element(matrix.values.begin(), matrix.values.end()))};
}

QString rolloutHelp() {
    return FlowView::tr(
        "\u00C3 = A + I, each row divided by its sum (A: mean over the heads; the sum is 2 where rows of A add up to 1), R\u2081 = "
        "\u00C3\u2081, R\u2097 = \u00C3\u2097 "
        "R\u2097\u208B\u2081.\nThe share of each input position in each position above a layer, if attention "
        "passes on what its weights say and the residual stream as much as a whole row of them. Rows add up to 1.");
}

QString flowHelp() {
    return FlowView::tr(
        "Maximum flow from a position above to an input position when the edge from i to j one layer below carries "
        "at most \u00C3\u1D62\u2C7C; each row divided by its sum.\nAttention is not by itself an explanation.");
}

}  // namespace

FlowView::FlowView(Focus& focus, QWidget* parent) : QWidget(parent), m_focus(focus) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_rolloutPanel = new PanelFrame(tr("Attention rollout"), this);
    m_rollout = named("maps.rollout.rollout", shareMap(tr("Attention rollout")));
    m_rolloutPanel->setContent(m_rollout);
    m_flowPanel = new PanelFrame(tr("Attention flow"), this);
    m_flow = named("maps.rollout.flow", shareMap(tr("Attention flow")));
    m_flowPanel->setContent(m_flow);
    makeControls();
    layout->addWidget(m_rolloutPanel, 1);
    layout->addWidget(m_flowPanel, 1);
    const auto together = [](Map* from, Map* to) {
        connect(from, &Map::selected, to, [to](int row, int column) { to->setSelection({row, column}); });
    };
    together(m_rollout, m_flow);
    together(m_flow, m_rollout);
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &FlowView::compute);
    keepSpacing(layout, flowViewGap);
}

void FlowView::makeControls() {
    m_layers = named("maps.rollout.layer", new QComboBox);
    m_layers->setAccessibleName(tr("Above which layer"));
    m_sides = named("maps.rollout.side", new QComboBox);
    m_sides->setAccessibleName(tr("Which side"));
    m_sideLabel = new Caption(tr("side"), m_sides);
    m_rolloutPanel->addControl(m_sideLabel);
    m_rolloutPanel->addControl(m_sides);
    m_rolloutPanel->addControl(new Caption(tr("above"), m_layers));
    m_rolloutPanel->addControl(m_layers);
    connect(m_layers, &QComboBox::activated, this, &FlowView::compute);
    connect(m_sides, &QComboBox::activated, this, [this] {
        m_layers->clear();
        fillChoices();
        compute();
    });
}

void FlowView::fillChoices() {
    if (m_sides->count() == 0) {
        for (const AttentionBlock& block : m_model->attentionBlocks()) {
            const QString name = block.side == "encoder" ? tr("encoder") : tr("decoder");
            if (m_sides->findData(QString::fromStdString(block.side)) < 0) m_sides->addItem(name, QString::fromStdString(block.side));
        }
        m_sides->setVisible(m_sides->count() > 1);
        m_sideLabel->setVisible(m_sides->count() > 1);
    }
    if (m_layers->count() > 0) return;
    const std::string side = m_sides->currentData().toString().toStdString();
    for (const AttentionBlock& block : m_model->attentionBlocks())
        if (block.side == side && !block.cross) m_layers->addItem(tr("layer %1").arg(block.layer), block.layer);
    m_layers->setCurrentIndex(m_layers->count() - 1);
}

void FlowView::look(const MapsScene& scene, const std::shared_ptr<const Trace>& trace, std::int64_t step) {
    const Run* run = m_focus.run();
    if (!run || !trace) return;
    if (run->model() != m_model) {
        m_model = run->model();
        m_sides->clear();
        m_layers->clear();
        m_result = {};
        m_computedOf.reset();
        m_busy = false;
        fillChoices();
    }
    m_shares = !scene.hasSignedWeights();
    for (const MapsBlock& block : scene.blocks)
        if (!block.info.cross) m_tokens[block.info.side] = block.rowTokens;
    m_trace = trace;
    m_step = step;
    compute();
}

/// One input at a time; of those that come meanwhile the newest is next.
void FlowView::compute() {
    const int layers = m_layers->currentIndex() + 1;
    const std::string side = m_sides->currentData().toString().toStdString();
    if (!m_trace || (m_computedOf == m_trace && m_computedLayers == layers && m_computedSide == side)) return show();
    if ((m_busy || m_rest.isActive()) && m_computedLayers == layers && m_computedSide == side) return;
    m_busy = true;
    m_computedOf = m_trace;
    m_computedLayers = layers;
    m_computedSide = side;
    m_task.request(
        [this, model = m_model, trace = m_trace, step = m_step, tokens = m_tokens[side], layers,
         side](const LatestTask::Wanted& wanted) -> LatestTask::Found {
            const auto start = std::chrono::steady_clock::now();
            std::vector<AttentionMatrix> stack = residualAttention(*model, *trace, side);
            stack.resize(static_cast<std::size_t>(std::clamp<int>(layers, 0, static_cast<int>(stack.size()))));
            Result result;
            result.tokens = tokens;
            result.rollout = rollout(stack);
            if (!stack.empty() && stack.front().n <= maxFlowLength) result.flow = attentionFlow(stack, [&wanted] { return !wanted(); });
            result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            return [this, model, step, result] {
                m_busy = false;
                if (model != m_model) return;
                m_result = result;
                m_resultStep = step;
                show();
                if (m_focus.run() && m_focus.run()->state() == Run::State::training) m_rest.start(budget::restAfter(result.seconds));
                compute();
            };
        },
        [this](const QString&) { m_busy = false; });
}

void FlowView::show() {
    if (m_result.rollout.empty()) return;
    const AttentionMatrix& rolled = m_result.rollout.back();
    for (Map* map : {m_rollout, m_flow}) map->setNames(m_result.tokens, m_result.tokens);
    m_rollout->setData(dataOf(rolled), scalingOf(rolled));
    const bool underCross = m_sides->count() > 1 && m_computedSide == "decoder";
    m_rolloutPanel->setSubtitle((underCross ? tr("of the decoder\u2019s own tokens only \u00B7 step %1")
                                 : m_shares ? tr("mean of the heads and the residual stream, half and half \u00B7 step %1")
                                            : tr("sizes of the weights and the residual stream, half and half \u00B7 step %1"))
                                    .arg(grouped(m_resultStep)));
    const QString sizes =
        m_shares ? QString() : tr("The weights of this run are of any sign: their sizes are added up, not which way they pull.");
    const QString leftOut =
        underCross ? tr("Of the decoder\u2019s own tokens only: what comes from the encoder through the cross-attention is left out.")
                   : QString();
    m_rolloutPanel->setToolTip(withTerm(sentences({rolloutHelp(), leftOut, sizes}), QStringLiteral("rollout")));
    m_flowPanel->setToolTip(withTerm(sentences({flowHelp(), leftOut, sizes}), QStringLiteral("flow")));
    if (m_result.flow) {
        m_flow->setData(dataOf(*m_result.flow), scalingOf(*m_result.flow));
        m_flowPanel->setSubtitle(m_result.rollout.size() == 1 ? tr("through one layer: the same as the rollout")
                                                              : tr("largest flow through the same layers, rows divided by their sums"));
    } else {
        m_flow->setEmptyText(tr("Attention flow is n\u00B2 maximum flows: it is computed up to n = %1, and this input has %2.")
                                 .arg(maxFlowLength)
                                 .arg(rolled.n));
        m_flow->setData({}, {});
        m_flowPanel->setSubtitle(QString());
    }
}

}  // namespace lab
