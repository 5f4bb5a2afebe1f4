#include "ui/pages/text/sentences_tab.h"

#include <QComboBox>
#include <QGridLayout>
#include <QJsonArray>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/analysis/map_difference.h"
#include "core/analysis/run_comparison.h"
#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/data/sentences_dataset.h"
#include "ui/runs/translated_input.h"
#include "ui/scenes/head_names.h"
#include "ui/scenes/parts_figure.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/current_stack.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/fitted_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

constexpr int sentencesTabGap = 8;               // logical px at 100 %
constexpr std::size_t mostSentenceTokens = 256;  // of a map that can be looked at
constexpr ColorScaling cosineScaling{ColorMap::Kind::balance, -1, 1};

/// One sentence as the model reads it. Throws InputError.
Input inputOfSentence(const std::string& sentence, const Tokenizer& tokenizer, const ModelConfig& model) {
    std::vector<Sample> samples = sentenceSamples(sentence, SentencesTab::tr("sentence").toStdString(), tokenizer, model);
    Input input;
    input.tokens = std::move(samples.front().tokens);
    if (input.tokens.size() > mostSentenceTokens)
        throw InputError(Message(LAB_PLURAL("sentences", "The sentence has %n token(s); %1 can be compared here."))
                             .count(std::ssize(input.tokens))
                             .arg(mostSentenceTokens));
    return input;
}

MapData weightsOf(const std::shared_ptr<const Trace>& trace, const AttentionBlock& block, int head) {
    MapData map;
    const Tensor* weights = trace->find(block.name + ".weights");
    if (!weights || weights->shape.size() != 3) return map;
    map.rows = static_cast<int>(weights->extent(1));
    map.columns = static_cast<int>(weights->extent(2));
    const std::ptrdiff_t from = std::ptrdiff_t{head} * map.rows * map.columns;
    map.values = {trace, weights->values.data() + from};
    if (const Tensor* scores = trace->find(block.name + ".masked_scores")) map.allowedScores = {trace, scores->values.data() + from};
    return map;
}

}  // namespace

SentencesTab::SentencesTab(Focus& focus, QWidget* parent) : PageTab(focus, parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_stack = new CurrentStack(this);
    m_absence = new EmptyState(tr("No two sentences to read here"), QString(), {}, m_stack);
    auto* whole = new QWidget(m_stack);
    auto* parts = new QVBoxLayout(whole);
    parts->setContentsMargins(0, 0, 0, 0);
    makeSentences();
    auto* rows = new QGridLayout;
    rows->addWidget(new Caption(tr("Sentence A"), m_sentences[0]), 0, 0);
    rows->addWidget(m_sentences[0], 0, 1);
    rows->addWidget(m_fromInput, 0, 2);
    rows->addWidget(new Caption(tr("Sentence B"), m_sentences[1]), 1, 0);
    rows->addWidget(m_sentences[1], 1, 1, 1, 2);
    parts->addLayout(rows);
    m_said = new FittedText;
    parts->addWidget(m_said);
    parts->addWidget(makePanels(), 1);
    m_stack->addWidget(whole);
    m_stack->addWidget(m_absence);
    column->addWidget(m_stack, 1);
    keepSpacing(parts, sentencesTabGap);
    keepSpacing(rows, sentencesTabGap);
}

void SentencesTab::makeSentences() {
    m_sentences = {named("text.sentences.first", new QLineEdit(QStringLiteral("A dog sleeps in the sun."))),
                   named("text.sentences.second", new QLineEdit(QStringLiteral("An animal is resting outside.")))};
    m_sentences[0]->setAccessibleName(tr("The first sentence"));
    m_sentences[1]->setAccessibleName(tr("The second sentence"));
    m_fromInput = named("text.sentences.from_input", new Button(tr("From input")));
    m_fromInput->setToolTip(tr("What the input bar shows"));
    for (QLineEdit* sentence : m_sentences) connect(sentence, &QLineEdit::textChanged, this, &SentencesTab::compute);
    connect(m_fromInput, &QPushButton::clicked, this, &SentencesTab::takeInput);
}

QWidget* SentencesTab::makePanels() {
    m_panels = new QWidget;
    auto* grid = new QGridLayout(m_panels);
    grid->setContentsMargins(0, 0, 0, 0);
    m_curvePanel = new PanelFrame(tr("How alike, layer by layer"));
    m_curve = named("text.sentences.curve", new Plot(tr("Cosine of two sentences by layer")));
    m_curve->setXTitle(tr("layers passed"));
    m_curve->setReading([](double value) { return fixed(value, 4); });
    m_curve->setMinimumHeight(1);  // all parts share the height that there is
    m_curvePanel->setContent(m_curve);
    m_tokenPanel = new PanelFrame(tr("Token by token"));
    m_tokens = named("text.sentences.tokens", new Map(MapForm::values(), tr("Cosine of tokens of two sentences")));
    m_tokens->setAxes(tr("token of A"), tr("token of B"));
    m_tokens->setQuantity(tr("cosine"), [](double value) { return fixed(value, 4); });
    m_tokenPanel->setContent(m_tokens);
    m_tokens->setMinimumHeight(1);
    m_states = named("text.sentences.state", new QComboBox);
    m_states->setAccessibleName(tr("Behind which layer"));
    m_tokenPanel->addControl(m_states);
    const QString titles[] = {tr("Attention in A"), tr("Attention in B"), tr("B − A")};
    const char* names[] = {"text.sentences.attention_a", "text.sentences.attention_b", "text.sentences.difference"};
    for (std::size_t i = 0; i < m_attention.size(); ++i) {
        m_attentionPanels[i] = new PanelFrame(titles[i]);
        m_attention[i] = named(names[i], new Map(MapForm::values(), titles[i]));
        m_attention[i]->setAxes(tr("query"), tr("key"));
        m_attention[i]->setSquare(true);
        m_attention[i]->setMinimumHeight(1);
        m_attention[i]->setQuantity(i == 2 ? tr("difference") : tr("weight"),
                                    [i](double value) { return i == 2 ? signedFixed(value, 4) : fixed(value, 4); });
        m_attentionPanels[i]->setContent(m_attention[i]);
    }
    m_heads = named("text.sentences.head", new QComboBox);
    m_heads->setAccessibleName(tr("Which head"));
    m_attentionPanels[0]->addControl(m_heads);
    grid->addWidget(m_curvePanel, 0, 0);
    grid->addWidget(m_tokenPanel, 0, 1, 1, 2);
    for (int i = 0; i < 3; ++i) {
        grid->addWidget(m_attentionPanels[static_cast<std::size_t>(i)], 1, i);
        grid->setColumnStretch(i, 1);
    }
    for (int row : {0, 1}) grid->setRowStretch(row, 1);
    keepSpacing(grid, sentencesTabGap);
    connect(m_states, &QComboBox::activated, this, [this](int index) {
        m_state = index;
        showStates();
    });
    connect(m_curve, &Plot::handMoved, this, [this](double at) {
        m_state = static_cast<int>(std::lround(at));
        showStates();
    });
    connect(m_heads, &QComboBox::activated, this, [this](int index) {
        const HeadPlace place = headPlaces(*focus().run()->model())[static_cast<std::size_t>(index)];
        Selection selection = focus().selection();
        selection.block = place.block;
        selection.head = place.head;
        focus().select(selection);
        showStates();
    });
    return m_panels;
}

QString SentencesTab::absence() const {
    const Run* run = focus().run();
    if (!run) return tr("Open a model that reads text: a folder with config.json and model.safetensors, or a .gguf.");
    if (run->model()->config().readsVectors() || !run->dataset()->tokenizer().isText())
        return tr("This model reads no running text. Open one that does, such as a sentence model.");
    if (run->model()->config().architecture == Architecture::encoder_decoder)
        return tr("An encoder-decoder reads two sequences at once: a sentence of its own has no vector.");
    return {};
}

TabHeading SentencesTab::heading() const {
    if (!m_read || m_read->run != focus().run() || m_busy) return {tr("Two sentences")};
    return {tr("Cosine %1").arg(fixed(m_read->similarity.cosines.back(), 4)),
            tr("of the two sentences, mean over all their tokens, at step %1").arg(grouped(m_read->step))};
}

SentencesTab::Question SentencesTab::wanted() const {
    if (!absence().isEmpty()) return {};
    return {focus().run(), focus().checkpoint(), {sentence(0).text().toStdString(), sentence(1).text().toStdString()}};
}

void SentencesTab::refresh() {
    const QString lack = absence();
    m_stack->setCurrentIndex(lack.isEmpty() ? 0 : 1);
    if (!lack.isEmpty()) {
        m_absence->setTexts(tr("No two sentences to read here"), lack);
        m_read = nullptr;
        emit changed();
        return;
    }
    showStates();
    compute();
}

/// The newest question is answered next.
void SentencesTab::compute() {
    const Question question = wanted();
    if (!question.run || !question.checkpoint || question == m_asked) return;
    m_asked = question;
    m_busy = true;
    m_task.request(
        [this, question, model = question.run->model(), data = question.run->dataset()]() -> LatestTask::Found {
            auto read = std::make_shared<Read>();
            read->run = question.run;
            read->step = question.checkpoint->step;
            for (std::size_t side = 0; side < 2; ++side)
                read->traces[side] = std::make_shared<const Trace>(model->trace(
                    question.checkpoint->weights, inputOfSentence(question.sentences[side], data->tokenizer(), model->config())));
            read->similarity = similarityOf(*model, *read->traces[0], *read->traces[1]);
            return [this, read] {
                m_busy = false;
                m_problem.clear();
                m_read = read;
                showStates();
                emit refreshWanted();
            };
        },
        [this](const QString& why) {
            m_busy = false;
            m_problem = why;
            showStates();
            emit refreshWanted();
        });
}

void SentencesTab::takeInput() {
    if (!focus().run()) return;
    sentence(0).setText(QString::fromStdString(plainText(focus().run()->dataset()->tokenizer(), focus().input().tokens)));
}

QString SentencesTab::stateName(std::size_t state) const {
    const std::string& name = m_read->similarity.states[state];
    if (state == 0 && name.ends_with("embedding")) return tr("embedding");
    if (name.ends_with("_norm")) return tr("last norm");
    return tr("layer %1").arg(QString::fromStdString(name.substr(name.find('.') + 1, name.rfind('.') - name.find('.') - 1)));
}

std::vector<QString> SentencesTab::wordsOf(int side) const {
    const QStringList words = SequenceWords(*focus().run()).all(*m_read->traces[static_cast<std::size_t>(side)], false);
    return {words.begin(), words.end()};
}

void SentencesTab::say(const QString& sentence) {
    m_said->setText(sentence);
    m_said->fit(width());
}

void SentencesTab::resizeEvent(QResizeEvent* event) {
    PageTab::resizeEvent(event);
    m_said->fit(width());
}

void SentencesTab::showStates() {
    emit changed();
    if (!m_problem.isEmpty()) return say(m_problem);
    if (!m_read || m_read->run != focus().run()) return say(tr("Reading the sentences"));
    const SentenceSimilarity& similarity = m_read->similarity;
    const auto last = similarity.states.size() - 1;
    const std::size_t state = m_state >= 0 && static_cast<std::size_t>(m_state) <= last ? static_cast<std::size_t>(m_state) : last;
    say(tr("Each sentence is the mean of the hidden states of all its tokens, those that frame it included. Cosine behind %1: %2. "
           "A model that was not trained for it makes any two sentences alike.")
            .arg(stateName(state), fixed(similarity.cosines[state], 4)));
    PlotSeries series{tr("cosine"), Role::series1};
    series.dots = true;
    for (std::size_t i = 0; i <= last; ++i) {
        series.x.push_back(static_cast<double>(i));
        series.y.push_back(similarity.cosines[i]);
    }
    m_curve->setXRange(-0.5, static_cast<double>(last) + 0.5);
    m_curve->setYRange(std::pair(std::min(0.0, *std::min_element(similarity.cosines.begin(), similarity.cosines.end()) - 0.05), 1.02));
    m_curve->setSeries({std::move(series)});
    m_curve->setHand(static_cast<double>(state), stateName(state));
    const QSignalBlocker quiet(m_states);
    m_states->clear();
    for (std::size_t i = 0; i <= last; ++i) m_states->addItem(stateName(i));
    m_states->setCurrentIndex(static_cast<int>(state));
    const auto cells = similarity.map(state);
    m_tokens->setNames(wordsOf(0), wordsOf(1));
    m_tokens->setData(mapOf({cells.begin(), cells.end()}, similarity.rows, similarity.columns), cosineScaling);
    m_tokenPanel->setSubtitle(tr("behind %1").arg(stateName(state)));
    showAttention();
}

void SentencesTab::showAttention() {
    const Model& model = *focus().run()->model();
    const std::vector<HeadPlace> places = headPlaces(model);
    for (PanelFrame* panel : m_attentionPanels) panel->setVisible(!places.empty());
    if (places.empty()) return;
    const Architecture architecture = model.config().architecture;
    if (m_heads->count() != static_cast<int>(places.size())) {
        m_heads->clear();
        for (const HeadPlace& place : places)
            m_heads->addItem(shortHeadName(model.attentionBlocks()[static_cast<std::size_t>(place.block)], place.head, architecture));
    }
    const HeadPlace shown{focus().selection().block, focus().selection().head};
    const auto found = std::ranges::find(places, shown);
    const HeadPlace place = found == places.end() ? places.front() : *found;
    m_heads->setCurrentIndex(static_cast<int>(found == places.end() ? 0 : found - places.begin()));
    const AttentionBlock& block = model.attentionBlocks()[static_cast<std::size_t>(place.block)];
    const QString head = shortHeadName(block, place.head, architecture);
    MapData maps[2];
    for (std::size_t side = 0; side < 2; ++side) {
        maps[side] = weightsOf(m_read->traces[side], block, place.head);
        m_attention[side]->setNames(wordsOf(static_cast<int>(side)), wordsOf(static_cast<int>(side)));
        m_attention[side]->setData(maps[side]);
        m_attention[side]->setSubject(side == 0 ? tr("Weights of %1 in sentence A").arg(head)
                                                : tr("Weights of %1 in sentence B").arg(head));
        m_attentionPanels[side]->setSubtitle(head);
    }
    const bool comparable = maps[0].rows == maps[1].rows && maps[0].columns == maps[1].columns && !maps[0].empty();
    m_attention[2]->setEmptyText(tr("The sentences have different numbers of tokens, so their maps stand side by side only"));
    m_attention[2]->setSubject(tr("Weights of %1 in sentence B minus those in A").arg(head));
    if (!comparable) return m_attention[2]->setData({});
    m_attention[2]->setNames(wordsOf(1), wordsOf(1));
    const auto size = static_cast<std::size_t>(maps[0].rows) * static_cast<std::size_t>(maps[0].columns);
    m_attention[2]->setData(
        mapOf(mapDifference(maps[0].values.get(), maps[0].allowedScores.get(), maps[1].values.get(), maps[1].allowedScores.get(), size),
              maps[0].rows, maps[0].columns),
        cosineScaling);
}

std::vector<FigureOffer> SentencesTab::figures() {
    if (!m_read || m_read->run != focus().run()) return {};
    FigureSubject subject{focus().run()->name(), m_read->step};
    subject.input = QStringLiteral("%1 | %2").arg(sentence(0).text(), sentence(1).text());
    return partOffers(*m_panels, subject);
}

QJsonObject SentencesTab::notes() const {
    return {{QStringLiteral("sentences"), QJsonArray{sentence(0).text(), sentence(1).text()}}};
}

void SentencesTab::takeNotes(const QJsonObject& notes) {
    const QJsonArray kept = notes.value(QLatin1String("sentences")).toArray();
    for (int side = 0; side < 2 && kept.size() == 2; ++side) sentence(side).setText(kept[side].toString());
}

PageTab* makeSentencesTab(Focus& focus, QWidget* parent) {
    return new SentencesTab(focus, parent);
}

}  // namespace lab
