#include <algorithm>
#include <cmath>

#include "core/codes/code_sentences.h"
#include "core/config/experiment.h"
#include "core/model/sample_input.h"
#include "ui/pages/codes/code_bits.h"
#include "ui/pages/codes/code_flow.h"
#include "ui/pages/codes/learned_number.h"
#include "ui/pages/codes/learned_panel.h"
#include "ui/pages/codes/usage_map.h"
#include "ui/runs/comparison.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"
#include "ui/widgets/wrapped_text.h"

// What the panel asks for beside the window, and how it shows what has come.

namespace lab {
namespace {

constexpr std::size_t nearestShown = 20;

Sample askedSampleOf(const Input& input) {
    return {input.tokens, input.targetTokens, input.targets, input.vectors, input.values};
}

/// Masks and changed heads are not part of what a sequence's code is made of.
bool isPlainInput(const Input& input) {
    return input.interventions.empty() && std::ranges::find(input.masked, true) == input.masked.end();
}

}  // namespace

std::optional<NoCode> LearnedPanel::refusal() const {
    if (auto none = noCode(focus().run())) return none;
    if (focus().input().tokens.empty())
        return NoCode{tr("This input has no tokens"), tr("Choose a sample below the page, or type a sequence there.")};
    return std::nullopt;
}

void LearnedPanel::showAbsence(const NoCode& none) {
    m_lookTask.cancel();
    m_turnTask.cancel();
    m_nearTask.cancel();
    m_asked = m_turns = m_nears = false;
    m_wanted.reset();
    m_look.reset();
    m_near.reset();
    m_neighbours.clear();
    m_pairs = {};
    m_turned.clear();
    m_turnedWritten.reset();
    m_study.look(nullptr, nullptr);
    m_absence = none.sentence;
    m_none->setTexts(none.sentence, none.help);
    m_none->button()->setVisible(noCode(focus().run()).has_value());
    m_content->hide();
    m_none->show();
    emit changed();
}

void LearnedPanel::refresh() {
    if (const auto none = refusal()) return showAbsence(*none);
    m_absence.clear();
    m_content->show();
    m_none->hide();
    m_study.look(focus().run(), focus().checkpoint());
    askLook();
    askNeighbours();
    showFlow();
    showReport();
}

/// A picture of a training that is followed comes as often as looking leaves the training its speed.
void LearnedPanel::askLook() {
    const Run* run = focus().run();
    if (!focus().checkpoint()) return;
    const Wanted now{run, focus().checkpoint(), focus().input()};
    if (m_wanted == now) return;
    Wanted later = now;
    if (m_wanted) later.checkpoint = m_wanted->checkpoint;
    const bool onlyLater = m_wanted == later && run->state() == Run::State::training;
    if (onlyLater && (m_asked || m_lookRest.restsBeside(*run))) return;
    if (!m_wanted || m_wanted->run != now.run) m_look.reset();
    turnBack();
    m_wanted = now;
    m_asked = true;
    m_lookRest.begin();
    m_lookTask.request(
        [this, model = run->model(), now, task = LoadedTask{run->experiment(), run->dataset()}]() -> LatestTask::Found {
            auto coder = std::make_shared<const codes::Coder>(model, now.checkpoint->weights);
            const bool answered = !now.input.targets.empty() && !now.input.targetTokens.empty();
            auto found = answered ? codes::lookedAt(*coder, askedSampleOf(now.input)) : codes::lookedAt(*coder, task, now.input.tokens);
            return [this, look = Look{coder, std::move(found), now.checkpoint->step}] { takeLook(look); };
        },
        [this](const QString& message) { failLook(message); });
}

void LearnedPanel::takeLook(Look look) {
    m_asked = false;
    m_lookRest.end();
    m_failure.clear();
    m_look = std::move(look);
    if (m_notedSlot >= 0) m_flow->setSlot(std::exchange(m_notedSlot, -1));
    askNeighbours();
    showFlow();
    showUsage();
    emit changed();
}

void LearnedPanel::failLook(const QString& message) {
    m_asked = false;
    m_look.reset();
    m_failure = message;
    showFlow();
    emit changed();
}

/// Of the code as the dials stand, among sequences whose codes were made by the same weights.
void LearnedPanel::askNeighbours() {
    const auto& report = m_study.findings().report;
    if (m_choice->current() != 1 || !m_look || !report.isOf(m_look->step) || !report) return;
    const Near now{report.value, m_look->found.sequence, dials()};
    if (m_near == now) return;
    m_near = now;
    m_nears = true;
    m_nearTask.request(
        [this, now, coder = m_look->coder, set = m_study.findings().set]() -> LatestTask::Found {
            auto found = codes::nearestSequences(*coder, now.sequence, now.code, *set, now.report->codes, nearestShown);
            return [this, found = std::move(found)] {
                m_nears = false;
                m_neighbours = found;
                showPairs();
                emit changed();
            };
        },
        [this](const QString&) { m_nears = false; });
}

/// The decoder is run on the code as the dials stand; until it has written, what it wrote before stays.
void LearnedPanel::turn(int slot, int code) {
    if (!m_look || m_asked) return;
    codes::Code turned = dials();
    turned[static_cast<std::size_t>(slot)] = code;
    if (turned == m_look->found.code) return turnBack();
    m_turned = std::move(turned);
    m_turns = true;
    m_turnTask.request(
        [this, coder = m_look->coder, code = m_turned, opening = m_look->found.opening]() -> LatestTask::Found {
            return [this, written = coder->decoded(code, opening)] {
                m_turns = false;
                m_turnedWritten = written;
                showFlow();
                emit changed();
            };
        },
        [this](const QString&) { m_turns = false; });
    askNeighbours();
    showFlow();
    showUsage();
}

void LearnedPanel::turnBack() {
    if (m_turned.empty()) return;
    m_turnTask.cancel();
    m_turns = false;
    m_turned.clear();
    m_turnedWritten.reset();
    askNeighbours();
    showFlow();
    showUsage();
    emit changed();
}

/// Both into the input bar: one in focus, the other beside it.
void LearnedPanel::takePair(std::size_t row) {
    if (row >= m_collisions->count()) return;
    const codes::Collision collision = m_collisions->collision(row);
    const auto set = m_pairs.set;
    focus().setInput(inputOf(set->samples[collision.first]));
    focus().comparison().keep(inputOf(set->samples[collision.second]), tr("the same code"));
}

void LearnedPanel::takeNeighbour(std::size_t row) {
    if (row < m_nearest->count())
        focus().comparison().keep(inputOf(m_pairs.set->samples[m_nearest->neighbour(row).index]), tr("a near code"));
}

std::vector<ReadBackToken> LearnedPanel::readBackTokens(const codes::Symbols& written) const {
    const codes::CodeOfSequence& found = m_look->found;
    const codes::Symbols wanted = found.wanted.value_or(codes::Symbols());
    const QStringList texts = writtenTokens(SequenceWords(*focus().run()), written);
    std::vector<ReadBackToken> tokens;
    for (std::size_t i = 0; i < written.size(); ++i) {
        ReadBackToken token{texts[static_cast<int>(i)]};
        token.asked = i < wanted.size() && wanted[i] >= 0;
        token.wrong = isWrittenWrong(wanted, written, i);
        token.changed = i >= found.decoded.size() || written[i] != found.decoded[i];
        tokens.push_back(token);
    }
    return tokens;
}

CodeFlowScene LearnedPanel::flowScene() const {
    const Run& run = *focus().run();
    const ModelConfig& model = run.experiment().model;
    CodeFlowScene scene;
    scene.shape = model.bottleneck.shape();
    scene.kind = codeKindWords(model);
    scene.encoder = codeSideWords(model, Side::encoder);
    scene.decoder = codeSideWords(model, Side::decoder);
    scene.emptyText = m_failure;
    if (!m_look) {
        scene.sequence = SequenceWords(run).all(focus().input());
        return scene;
    }
    const codes::CodeOfSequence& found = m_look->found;
    for (const int token : found.sequence) scene.sequence << qt(run.dataset()->tokenizer().shown(token));
    scene.code = found.code;
    scene.turned = dials();
    const codes::Symbols& written = m_turnedWritten ? *m_turnedWritten : found.decoded;
    scene.written = readBackTokens(written);
    if (found.wanted) {
        const WrittenRight right = writtenRight(*found.wanted, written);
        if (right.asked > 0) scene.verdict = verdictText(right.all(), tr("%1 of %2").arg(right.right).arg(right.asked));
    }
    return scene;
}

void LearnedPanel::showFlow() {
    if (!m_absence.isEmpty() || !focus().run()) return;
    const BottleneckShape shape = focus().run()->experiment().model.bottleneck.shape();
    m_flow->setScene(flowScene());
    m_number->setCode(shape, m_look ? std::optional(dials()) : std::nullopt);
    m_back->setVisible(!m_turned.empty());
    m_flowPanel->setSubtitle(m_turned.empty() ? codeShapeWords(shape) : tr("by hand: what is read otherwise now, or wrong, is red"));
    m_flowPanel->setNote(isPlainInput(focus().input()) ? QString() : tr("of the tokens alone, without masks and changed heads"));
}

/// What stands in the place of a report.
QString LearnedPanel::waiting() const {
    if (!m_study.error().isEmpty()) return m_study.error();
    if (m_study.stale()) return tr("Not measured: press Again");
    return tr("Measuring");
}

/// Of which step the report is, where that is not the one shown.
QString LearnedPanel::stepWords() const {
    const auto& report = m_study.findings().report;
    return report && !report.isOf(focus().shownStep()) ? tr("of step %1").arg(grouped(report.step)) : QString();
}

void LearnedPanel::showReport() {
    const CodeFindings& findings = m_study.findings();
    if (m_pairs.report != findings.report.value) {
        if (m_pairs.set != findings.set) {
            m_pairs.texts.clear();
            if (findings.set)
                for (const codes::Symbols& sequence : findings.set->sequences)
                    m_pairs.texts.push_back(sequenceText(*focus().run(), sequence));
        }
        m_pairs.set = findings.set;
        m_pairs.report = findings.report.value;
        m_collisions->setScene(m_pairs);
        if (!m_pairs.report) m_neighbours.clear();
        emit changed();
    }
    for (PanelFrame* panel : {m_usagePanel, m_bitsPanel}) panel->setSubtitle(stepWords());
    showUsage();
    showPairs();
    showBits();
}

void LearnedPanel::showUsage() {
    const auto& report = m_study.findings().report;
    m_usage->setEmptyText(waiting());
    m_usage->setScene({report.value, dials(), m_flow->slot()});
    m_scale->setVisible(bool(report));
    if (report) m_scale->setScaling(usageScaling(*report.value));
}

void LearnedPanel::showPairs() {
    const auto& report = m_study.findings().report;
    const bool collisions = m_choice->current() == 0;
    m_pairPanel->setTitle(collisions ? tr("Collisions") : tr("Nearest codes"));
    m_pairPanel->setSubtitle(stepWords());
    m_verdict->setVisible(collisions && report);
    if (report) {
        m_verdict->setText(verdictText(report->colliding == 0, tr("%1 of %2").arg(grouped(report->colliding), grouped(report->sequences))));
        m_verdict->setRole(verdictRole(report->colliding == 0));
        m_verdict->setToolTip(shown(codes::injectivitySentence(*report.value)));
    }
    if (!collisions) m_nearest->setScene(m_pairs, m_neighbours);
    QString hint = waiting();
    if (report) {
        const QString none = shown(codes::injectivitySentence(*report.value));
        const QString pairs = tr("click a row: both sequences go to the input bar");
        hint = !collisions ? tr("click a row: it stands beside the input in the input bar") : report->collisions.empty() ? none : pairs;
    }
    m_pairHint->setText(hint);
}

void LearnedPanel::showBits() {
    const auto& report = m_study.findings().report;
    m_bits->setEmptyText(waiting());
    m_bits->setReport(report.value);
    const int sequences = m_study.findings().set ? m_study.findings().set->size() : 0;
    QString note =
        report ? counted(LAB_PLURAL("codes", "over %1 sequence(s)"), report->sequences, {grouped(report->sequences)}) : QString();
    if (m_study.measuring()) {
        const auto done = static_cast<std::int64_t>(std::lround(m_study.share() * sequences));
        note = sequences > 0 ? tr("measuring %1 of %2").arg(grouped(done), grouped(sequences))
                             : tr("measuring %1").arg(percent(m_study.share(), 0));
    }
    m_bitsPanel->setNote(note);
    m_again->setText(m_study.measuring() ? tr("Stop") : tr("Again"));
    m_again->setToolTip(m_study.measuring() ? tr("Ends the measuring and keeps what there is (Escape)")
                                            : tr("Measures the code over the test set at the step shown"));
    m_again->setVisible(m_study.measuring() || m_study.stale() || !m_study.error().isEmpty());
    QString words;
    if (report)
        words = sentences({shown(codes::bitsSentence(*report.value)), shown(codes::usageSentence(*report.value)),
                           shown(codes::decodabilitySentence(*report.value))});
    m_sentence->setText(words);
}

}  // namespace lab
