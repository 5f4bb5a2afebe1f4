#include "ui/pages/positions/permutation_view.h"

#include <QVBoxLayout>

#include "ui/runs/token_text.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"

namespace lab {

PermutationView::PermutationView(QWidget* parent) : PositionView(parent) {
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_wordPanel = new PanelFrame(tr("Permute the input"), this);
    m_wordPanel->setOnScreen(false);
    m_shuffle = named("positions.permutation.shuffle", new Button(tr("Another order")));
    m_shuffle->setHeight(20);
    m_wordPanel->addControl(m_shuffle);
    auto* words = new QWidget;
    auto* wordLayout = new QVBoxLayout(words);
    m_sentence = new ThemedLabel(QString(), TextSize::token, Role::text, true);
    m_detail = new ThemedLabel(QString(), TextSize::text, Role::muted);
    for (ThemedLabel* label : {m_sentence, m_detail}) {
        label->setWordWrap(true);
        wordLayout->addWidget(label);
    }
    m_wordPanel->setContent(words);
    m_tablePanel = new PanelFrame(tr("The same token before and after"), this);
    m_table = new TextTable(tr("Logits before and after the permutation"));
    m_table->setToolTip(
        tr("Each token where it stands now: the answer it had before and has now, the logit of that first answer, and the largest "
           "difference over all classes"));
    m_tablePanel->setContent(m_table);
    m_layout->addWidget(m_wordPanel);
    m_layout->addWidget(m_tablePanel, 1);
    connect(m_shuffle, &QPushButton::clicked, this, &PermutationView::shuffle);
    keepSpacing(m_layout, 8);
    keepSpacing(wordLayout, {12, 8, 12, 10}, 4);
}

QString PermutationView::absence(const PositionScene& scene) const {
    if (!scene.run) return tr("Choose a preset at the top left: its model is asked about a permuted input.");
    return scene.run->model()->config().answersNumbers() ? tr("Here the answers to a permuted input are held against each other, token by "
                                                              "token, and this model answers with numbers.")
                                                         : QString();
}

void PermutationView::look(const PositionScene& scene) {
    m_scene = scene;
    if (!scene.run || !scene.checkpoint || !scene.trace || !absence(scene).isEmpty()) return;
    if (scene.checkpoint == m_askedFor && scene.input == m_askedInput) return;
    m_askedFor = scene.checkpoint;
    m_askedInput = scene.input;
    ask();
}

void PermutationView::shuffle() {
    ++m_seed;
    if (m_scene.run && m_askedFor) ask();
}

void PermutationView::ask() {
    m_busy = true;
    m_task.request(
        [this, model = m_scene.run->model(), checkpoint = m_askedFor, input = m_askedInput, seed = m_seed]() -> LatestTask::Found {
            return [this, probe = probePermutation(*model, checkpoint->weights, input, seed)] {
                m_busy = false;
                show(probe);
            };
        },
        [this](const QString& why) {
            m_busy = false;
            m_sentence->setText(why);
        });
}

QString PermutationView::verdict(const PermutationProbe& probe) const {
    const PositionSources sources = this->sources();
    const QString changed = significant(probe.own.difference, 3);
    if (const QString mask = tellingMask(); !mask.isEmpty())
        return sources.encoding
                   ? tr("The outputs change by up to %1. Without the encoding they change by up to %2: the %3 alone tells places "
                        "apart.")
                         .arg(changed, significant(probe.without.difference, 3), mask)
                   : tr("No position encoding, yet the %1 tells places apart: outputs change by up to %2.").arg(mask, changed);
    if (!sources.encoding)
        return (twoSided()
                    ? tr("This model has no positions: the encoder's tokens in another order leave every output as it is, to within %1.")
                    : tr("This model has no positions: the same tokens in another order give the same outputs in that order, to "
                         "within %1."))
            .arg(scientific(probe.own.difference, 0));
    return (twoSided() ? tr("With its positions the outputs change by up to %1; without them, the same weights give the same outputs, to "
                            "within %2.")
                       : tr("With its positions the outputs change by up to %1; without them, the same weights only permute along, to "
                            "within %2."))
        .arg(changed, scientific(probe.without.difference, 0));
}

PositionSources PermutationView::sources() const {
    return positionSources(m_scene.run->model()->config(), static_cast<int>(m_askedInput.tokens.size()));
}

/// What tells places apart without an encoding: a mask that lets some see more than others. Empty: nothing does.
QString PermutationView::tellingMask() const {
    const PositionSources sources = this->sources();
    return sources.causal ? tr("causal mask") : sources.pattern ? tr("attention pattern") : QString();
}

bool PermutationView::twoSided() const {
    return m_scene.run->model()->config().architecture == Architecture::encoder_decoder;
}

/// What follows from it for the tasks that this model can learn.
QString PermutationView::consequence() const {
    if (const QString mask = tellingMask(); !mask.isEmpty())
        return tr("The %1 does not treat all places alike: it lets some queries see other keys than others. So even without an encoding a "
                  "task that asks where something stands may be learned.")
            .arg(mask);
    return twoSided()
               ? tr("Every part of a block but the positions treats all places of the encoder alike, so without positions no output "
                    "depends on their order: no task that asks where something stands in the source can be learned.")
               : tr("Every part of a block but the positions treats all places alike, so without positions logits\u2032<sub>i</sub> = "
                    "logits<sub>order(i)</sub>: no task that asks where something stands can be learned.");
}

void PermutationView::show(const PermutationProbe& probe) {
    m_probe = probe;
    if (!m_scene.run) return;
    m_sentence->setText(verdict(probe));
    m_detail->setText(
        tr("x\u2032<sub>i</sub> = x<sub>order(i)</sub>. %1 Largest logit %2.").arg(consequence(), fixed(probe.own.largestLogit, 2)));
    showRows(probe, sources().encoding);
}

/// `told`: positions are encoded, and the same weights without them stand beside.
void PermutationView::showRows(const PermutationProbe& probe, bool told) {
    std::vector<QString> titles = {tr("now at"), tr("was at"),    tr("token"), tr("answer"),
                                   tr("now"),    tr("its logit"), tr("now"),   tr("differs by")};
    if (told) titles.insert(titles.end(), {tr("without positions"), tr("now"), tr("differs by")});
    std::vector<double> shares(titles.size(), (1.0 - (told ? 0.14 : 0.0)) / static_cast<double>(titles.size() - (told ? 1 : 0)));
    if (told) shares[8] = 0.14;
    m_table->setColumns(std::move(titles), std::move(shares));
    const Dataset& dataset = *m_scene.run->dataset();
    const SequenceWords words(*m_scene.run);
    const auto moved = [&](const PermutationCheck::Row& row) {
        return words.vectors() ? words.at(m_askedInput, static_cast<std::size_t>(row.from)) : tokenText(dataset, row.token);
    };
    const auto mark = [](const PermutationCheck& check, double difference) {
        const bool negligible = difference == 0 || check.negligible(difference);
        return verdictText(negligible, negligible ? differenceText(difference) : fixed(difference, 2));
    };
    std::vector<TextTable::Row> rows;
    for (std::size_t i = 0; i < probe.own.rows.size(); ++i) {
        const PermutationCheck::Row &own = probe.own.rows[i], &bare = probe.without.rows[i];
        TextTable::Row row;
        row.cells = {QString::number(own.position),  QString::number(own.from),           moved(own),
                     tokenText(dataset, own.answer), tokenText(dataset, own.answerAfter), signedFixed(own.before, 3),
                     signedFixed(own.after, 3),      mark(probe.own, own.difference)};
        if (told)
            row.cells.insert(row.cells.end(),
                             {signedFixed(bare.before, 3), signedFixed(bare.after, 3), mark(probe.without, bare.difference)});
        rows.push_back(std::move(row));
    }
    m_table->setRows(std::move(rows));
}

}  // namespace lab
