#include "ui/pages/maps/vectors_view.h"

#include <QComboBox>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <chrono>
#include <map>

#include "core/base/number_text.h"
#include "core/config/model_config.h"
#include "core/data/dataset.h"
#include "core/runs/budget.h"
#include "ui/runs/validation_inputs.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/language.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/scatter_plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int vectorsViewGap = 8;                          // logical px at 100 %
constexpr int mostVectorSamples = 256;                     // looked at
constexpr std::size_t mostVectorTokens = 1024;             // of all of them: as many queries, and as many keys
constexpr double vectorsWidth = 620, vectorsHeight = 460;  // logical px, on paper

Sample sampleOfInput(const Input& input, const ModelConfig& model) {
    Sample sample{input.tokens, input.targetTokens, {}, input.vectors, {}};
    sample.targets.assign(std::max(input.tokens.size(), input.targetTokens.size()), -1);
    if (!input.targetTokens.empty()) sample.targets.assign(input.targetTokens.size(), -1);
    if (model.answersNumbers()) sample.values.resize(sample.targets.size() * static_cast<std::size_t>(*model.num_classes));
    return sample;
}

bool sameSample(const Sample& a, const Sample& b) {
    return a.tokens == b.tokens && a.targetTokens == b.targetTokens && a.vectors == b.vectors;
}

}  // namespace

bool VectorsView::Question::operator==(const Question& other) const {
    return run == other.run && checkpoint == other.checkpoint && block == other.block && beforeRotation == other.beforeRotation &&
           sameSample(own, other.own);
}

VectorsView::VectorsView(Focus& focus, QWidget* parent) : QWidget(parent), m_focus(focus) {
    m_panel = new PanelFrame(tr("Queries and keys"), this);
    m_panel->setDense(true);
    m_plot = named("maps.vectors.plot", new ScatterPlot(tr("Queries and keys of a head in a plane")));
    m_panel->setContent(m_plot);
    makeControls();
    m_caption = new ThemedLabel(QString(), TextSize::text, Role::muted);
    m_caption->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_caption);
    column->addWidget(m_panel, 1);
    keepSpacing(column, vectorsViewGap);
    connect(m_plot, &ScatterPlot::pointWanted, this, &VectorsView::goTo);
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &VectorsView::compute);
}

void VectorsView::makeControls() {
    m_heads = named("maps.vectors.head", new QComboBox);
    m_heads->setAccessibleName(tr("Which head"));
    m_shown = named("maps.vectors.shown", new SegmentedControl({tr("both"), tr("queries"), tr("keys")}, tr("Which vectors")));
    m_rotation = named("maps.vectors.rotation", new SegmentedControl({tr("rotated"), tr("before RoPE")}, tr("Which stage")));
    m_rotation->setChoiceToolTip(0, tr("As the scores are made of them"));
    m_rotation->setChoiceToolTip(1, tr("As they were before they were turned by their position"));
    m_colors = named("maps.vectors.color", new SegmentedControl({tr("position"), tr("length"), tr("token")}, tr("Coloured by")));
    m_colors->setChoiceToolTip(1, tr("The length |q| or |k| of the whole vector, of which the plane shows a part"));
    m_colors->setChoiceToolTip(2, tr("The four commonest tokens, and all others"));
    m_panel->addControl(m_heads);
    for (SegmentedControl* control : {m_shown, m_rotation, m_colors}) {
        control->setHeight(20);
        m_panel->addControl(control);
    }
    for (SegmentedControl* control : {m_shown, m_colors}) connect(control, &SegmentedControl::chosen, this, &VectorsView::show);
    connect(m_rotation, &SegmentedControl::chosen, this, &VectorsView::compute);
    connect(m_heads, &QComboBox::activated, this, [this](int index) {
        Selection selection = m_focus.selection();
        selection.block = m_scene.heads[static_cast<std::size_t>(index)].block;
        selection.head = m_scene.heads[static_cast<std::size_t>(index)].head;
        m_focus.select(selection);
        show();
        compute();
    });
}

void VectorsView::look(const MapsScene& scene, std::int64_t) {
    m_scene = scene;
    m_rotation->setVisible(rotates());
    fillHeads();
    show();
    compute();
}

bool VectorsView::rotates() const {
    return m_focus.run() && m_focus.run()->model()->config().position.kind == PositionKind::rope;
}

void VectorsView::fillHeads() {
    const QSignalBlocker quiet(m_heads);
    QStringList names;
    for (std::size_t i = 0; i < m_scene.heads.size(); ++i) names << m_scene.head(i).name;
    bool same = m_heads->count() == names.size();
    for (int i = 0; same && i < names.size(); ++i) same = m_heads->itemText(i) == names[i];
    if (same) return;
    m_heads->clear();
    m_heads->addItems(names);
}

VectorsView::Question VectorsView::wanted() const {
    Question question{m_focus.run(), m_focus.checkpoint(), m_focus.selection().block, rotates() && m_rotation->current() == 1, {}};
    if (question.run && m_focus.sampleIndex() < 0) question.own = sampleOfInput(m_focus.input(), question.run->model()->config());
    return question;
}

/// One set of weights at a time; of those that come meanwhile the newest is next.
void VectorsView::compute() {
    const Question question = wanted();
    if (!question.run || !question.checkpoint || m_computed == question) return;
    if (question.block < 0 || question.block >= static_cast<int>(question.run->model()->attentionBlocks().size())) return;
    Question trained = question;  // but for the weights
    trained.checkpoint = m_computed.checkpoint;
    if (trained == m_computed && (m_busy || m_rest.isActive())) return;
    m_busy = true;
    m_computed = question;
    m_task.request(
        [this, question, model = question.run->model(),
         data = question.run->dataset()](const LatestTask::Wanted& asked) -> LatestTask::Found {
            const auto start = std::chrono::steady_clock::now();
            std::vector<Sample> samples = firstSamples(*data, mostVectorSamples);
            const bool own = !question.own.tokens.empty();
            if (own) samples.insert(samples.begin(), question.own);
            auto heads =
                headVectors(*model, question.checkpoint->weights, model->attentionBlocks()[static_cast<std::size_t>(question.block)],
                            question.beforeRotation, samples, mostVectorTokens, [&asked] { return !asked(); });
            if (!heads) return {};
            const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            auto result = std::make_shared<const Result>(
                Result{question.run, question.checkpoint->step, question.block, std::move(samples), own, std::move(*heads), seconds});
            return [this, result] { take(result); };
        },
        [this](const QString& why) {
            m_busy = false;
            m_result = nullptr;
            m_plot->setScene({});
            m_caption->setText(why);
        });
}

void VectorsView::take(std::shared_ptr<const Result> result) {
    m_busy = false;
    m_result = std::move(result);
    if (m_result->run != m_focus.run()) return;
    if (m_focus.run()->state() == Run::State::training) m_rest.start(budget::restAfter(m_result->seconds));
    show();
    compute();
}

/// The rows that are to be seen.
VectorCloud VectorsView::chosen(const VectorCloud& all) const {
    VectorCloud some{all.width, {}, {}};
    for (std::size_t i = 0; i < all.rows.size(); ++i) {
        if (m_shown->current() != 0 && all.rows[i].query != (m_shown->current() == 1)) continue;
        some.rows.push_back(all.rows[i]);
        const auto first = all.values.begin() + static_cast<std::ptrdiff_t>(i * all.width);
        some.values.insert(some.values.end(), first, first + static_cast<std::ptrdiff_t>(all.width));
    }
    return some;
}

QString VectorsView::wordOf(int token) const {
    if (token < 0) return tr("slot");
    return quoted(
        SequenceWords(*m_focus.run()).at({.tokens = {token}, .targetTokens = {}, .targets = {}, .masked = {}, .interventions = {}}, 0));
}

/// Names of the four commonest tokens, whose ids stand in `ids`, and of all others.
QStringList VectorsView::commonest(const VectorCloud& vectors, std::vector<int>& ids) const {
    std::map<int, int> counts;
    for (const VectorCloud::Row& row : vectors.rows) ++counts[row.token];
    std::vector<std::pair<int, int>> ranked(counts.begin(), counts.end());
    std::ranges::stable_sort(ranked, std::greater(), &std::pair<int, int>::second);
    QStringList names;
    for (std::size_t i = 0; i < std::min(ranked.size(), ScatterScene::kinds - 1); ++i) {
        ids.push_back(ranked[i].first);
        names << wordOf(ranked[i].first);
    }
    for (; ids.size() + 1 < ScatterScene::kinds; ids.push_back(-2)) names << QString();
    return names << tr("others");
}

void VectorsView::show() {
    if (m_scene.empty() || !m_focus.run()) return;
    const std::size_t index = m_scene.indexOf(m_focus.selection());
    m_heads->setCurrentIndex(static_cast<int>(index));
    const HeadPlace place = m_scene.heads[index];
    m_panel->setSubtitle(headTitle(m_scene.blocks[static_cast<std::size_t>(place.block)], place.head));
    if (!m_result || m_result->run != m_focus.run() || m_result->block != place.block) {
        m_planes.clear();
        m_rows.clear();
        m_plot->setEmptyText(tr("Reading the inputs"));
        m_plot->setScene({});
        return m_caption->setText(QStringLiteral(" "));
    }
    const VectorCloud vectors = chosen(m_result->heads[static_cast<std::size_t>(place.head)]);
    m_plot->setEmptyText(tr("This head has no vectors of the kind"));
    if (vectors.rows.empty()) return m_plot->setScene({});
    PrincipalPlane plane = principalPlane(vectors.values, vectors.width);
    const auto color = static_cast<Color>(m_colors->current());
    ScatterScene scene;
    std::vector<int> ids;
    if (color == Color::token) scene.kindNames = commonest(vectors, ids);
    double low = 0, high = 0;
    const auto numberOf = [color](const VectorCloud::Row& row) { return color == Color::length ? row.length : row.position; };
    if (color == Color::length) low = std::ranges::min(vectors.rows, {}, &VectorCloud::Row::length).length;
    for (const VectorCloud::Row& row : vectors.rows) high = std::max(high, numberOf(row));
    std::size_t queries = 0;
    for (std::size_t i = 0; i < vectors.rows.size(); ++i) {
        const VectorCloud::Row& row = vectors.rows[i];
        queries += row.query ? 1 : 0;
        ScatterScene::Point point{plane.x[i], plane.y[i], row.query, 0, 0, {}, {}};
        point.share = high > low ? (numberOf(row) - low) / (high - low) : 1;
        point.kind = static_cast<std::size_t>(std::ranges::find(ids, row.token) - ids.begin());
        point.value = QStringLiteral("%1  |%2| %3")
                          .arg(wordOf(row.token), row.query ? QStringLiteral("q") : QStringLiteral("k"), fixed(row.length, 2));
        point.where = tr("%1 at position %2, input %3: %4, %5")
                          .arg(row.query ? tr("query") : tr("key"))
                          .arg(row.position)
                          .arg(row.input - (m_result->ownFirst ? 1 : 0))
                          .arg(signedFixed(plane.x[i], 2), signedFixed(plane.y[i], 2));
        if (m_result->ownFirst && row.input == 0)
            point.where = tr("%1 at position %2 of the own input: %3, %4")
                              .arg(row.query ? tr("query") : tr("key"))
                              .arg(row.position)
                              .arg(signedFixed(plane.x[i], 2), signedFixed(plane.y[i], 2));
        scene.points.push_back(std::move(point));
    }
    if (queries > 0) scene.filledName = tr("queries");
    if (queries < vectors.rows.size()) scene.ringName = tr("keys");
    scene.scaleName = color == Color::length ? tr("length") : tr("position");
    scene.low = color == Color::length ? fixed(low, 1) : QString::number(static_cast<int>(low));
    scene.high = color == Color::length ? fixed(high, 1) : QString::number(static_cast<int>(high));
    scene.xTitle = tr("first direction, %1 of the variance").arg(percent(plane.firstShare, 0));
    scene.yTitle = tr("second, %1").arg(percent(plane.secondShare, 0));
    say(plane, queries, vectors.rows.size() - queries);
    m_rows = vectors.rows;
    m_planes = {std::move(plane)};
    m_plot->setScene(std::move(scene));
}

void VectorsView::say(const PrincipalPlane& plane, std::size_t queries, std::size_t keys) {
    const int inputs = m_result->heads.empty() || m_result->heads.front().rows.empty() ? 0 : m_result->heads.front().rows.back().input + 1;
    m_caption->setText(
        tr("%1 queries and %2 keys of %3, step %4, along the two directions in which they are spread most (principal "
           "components). The plane holds %5 of their variance: what lies apart in it lies apart, what lies together may not.")
            .arg(grouped(static_cast<qint64>(queries)), grouped(static_cast<qint64>(keys)),
                 counted(LAB_PLURAL("vectors", "%n input(s)"), inputs), grouped(m_result->step),
                 percent(plane.firstShare + plane.secondShare, 0)));
}

/// To the input that a point is of, and to its place there.
void VectorsView::goTo(std::size_t point) {
    if (!m_result || point >= m_rows.size()) return;
    const VectorCloud::Row row = m_rows[point];
    const int sample = row.input - (m_result->ownFirst ? 1 : 0);
    if (sample >= 0 && sample < m_focus.sampleCount() && sample != m_focus.sampleIndex()) m_focus.showSample(sample);
    Selection selection = m_focus.selection();
    (row.query ? selection.query : selection.key) = row.position;
    m_focus.select(selection);
}

std::vector<FigureOffer> VectorsView::figures(const FigureSubject& subject) const {
    if (m_planes.empty()) return {};
    FigureSubject of = subject;
    of.step = m_result->step;
    of.input.clear();  // over many
    FigureTable table{{"kind", "input", "position", "token", "length", "x", "y"}, {}};
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        table.rows.push_back({m_rows[i].query ? "query" : "key", std::to_string(m_rows[i].input), std::to_string(m_rows[i].position),
                              std::to_string(m_rows[i].token), numberText(m_rows[i].length), numberText(m_planes[0].x[i]),
                              numberText(m_planes[0].y[i])});
    const QString name = tr("Queries and keys");
    std::vector<FigureOffer> offers;
    offers.push_back({name, figureFile(of, name), [of, name, table, scene = m_plot->scene(), caption = m_caption->text().chopped(1)] {
                          auto figure = std::make_unique<PartsFigure>();
                          figure->title = name;
                          figure->caption = subjectCaption(of, caption);
                          figure->body = QSizeF(vectorsWidth, vectorsHeight);
                          figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), nullptr});
                          figure->parts.back().paint = [scene](QPainter& painter, const QSizeF& room) {
                              scene.paint(painter, QRectF(QPointF(), room));
                          };
                          figure->numbers = table;
                          return figure;
                      }});
    return offers;
}

}  // namespace lab
