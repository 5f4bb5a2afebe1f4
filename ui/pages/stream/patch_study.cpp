#include "ui/pages/stream/patch_study.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/runs/budget.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

using PatchClock = std::chrono::steady_clock;
constexpr std::size_t mostKeptPairs = 16;
constexpr int likelyOfEach = 6;  ///< answers to choose from, of each run

double secondsSince(PatchClock::time_point start) {
    return std::chrono::duration<double>(PatchClock::now() - start).count();
}

/// What could stand at each position instead: what stands there in another sample, else another token of the input.
std::vector<int> alternativesFor(const Run& run, const Input& input) {
    constexpr int samples = 4;
    const Dataset& data = *run.dataset();
    const std::vector<int> specials = SequenceWords(run).specials(input);
    const std::set<int> fixed(specials.begin(), specials.end());
    std::vector<std::vector<int>> others;
    for (int i = 0; i < std::min(samples, data.validationSize()); ++i) others.push_back(data.validationSample(i).tokens);
    const auto differs = [&](int token, std::size_t p) { return token >= 0 && token != input.tokens[p]; };
    std::vector<int> found(input.tokens.size(), -1);
    for (std::size_t p = 0; p < found.size(); ++p) {
        if (fixed.contains(static_cast<int>(p)) || input.isMasked(p)) continue;
        for (const std::vector<int>& other : others)
            if (found[p] < 0 && p < other.size() && differs(other[p], p)) found[p] = other[p];
        for (std::size_t step = 1; step < found.size() && found[p] < 0; ++step) {
            const std::size_t q = (p + step) % found.size();
            if (!fixed.contains(static_cast<int>(q)) && differs(input.tokens[q], p)) found[p] = input.tokens[q];
        }
    }
    return found;
}

/// Every part of every layer put back at once.
std::vector<PatchSite> everySite(const Model& model, const Input& input) {
    std::vector<PatchSite> sites;
    for (const PatchPart part : {PatchPart::stream, PatchPart::attention, PatchPart::feed_forward, PatchPart::head})
        for (const PatchSite& site : patchGrid(model, part, input).sites)
            if (!site.tensor.empty()) sites.push_back(site);
    return sites;
}

}  // namespace

/// Passes of the last pair: another part needs neither weights prepared nor both runs again.
class PatchStudy::Work {
public:
    using Told = std::function<void(const std::shared_ptr<const PatchFound>&)>;

    /// `alternatives`: for a suggestion. `tell` gets what there is so far.
    void answer(const std::shared_ptr<const Model>& model, const Asked& asked, std::vector<int> alternatives,
                const std::shared_ptr<const PatchFound>& before, Worker::Context& context, const Told& tell) {
        m_context = &context;
        PatchFound found;
        try {
            prepare(model, asked, alternatives);
            found = before && before->error.isEmpty() ? *before : m_pair;
        } catch (const InputError& error) {
            m_patching.reset();
            m_pair.error = shown(error);
            tell(std::make_shared<const PatchFound>(m_pair));
            return;
        }
        for (const PatchPart part : {asked.part, PatchPart::head}) fill(found, part, tell);
        if (asked.path) follow(found, *asked.path);
        tell(std::make_shared<const PatchFound>(std::move(found)));
    }

private:
    void prepare(const std::shared_ptr<const Model>& model, const Asked& asked, const std::vector<int>& alternatives) {
        if (model != m_model || asked.checkpoint != m_checkpoint) {
            m_patching.reset();
            m_runs.reset();
            m_model = model;
            m_checkpoint = asked.checkpoint;
            m_runs = std::make_unique<StreamRuns>(*m_model, m_checkpoint->weights, [this] { return m_context->cancelled(); });
        }
        if (m_patching && asked.pair == m_case) return;
        m_patching.reset();
        m_case = asked.pair;
        m_pair = {};
        m_pair.step = m_checkpoint->step;
        m_pair.clean = m_pair.corrupted = asked.pair.clean;
        const int position = asked.pair.position < 0 ? lastAsked(asked.pair.clean) : asked.pair.position;
        m_pair.corrupted =
            asked.pair.corrupted ? *asked.pair.corrupted : suggestedCorruption(*m_runs, asked.pair.clean, position, alternatives);
        if (asked.pair.swapped) std::swap(m_pair.clean, m_pair.corrupted);
        compare(position);
    }

    void compare(int position) {
        KeepingTap ofClean(m_pair.clean, [](const std::string&) { return false; });
        KeepingTap ofCorrupted(m_pair.corrupted, [](const std::string&) { return false; });
        const std::vector<float> clean = m_runs->logits(m_pair.clean, ofClean), corrupted = m_runs->logits(m_pair.corrupted, ofCorrupted);
        const std::size_t positions = m_pair.clean.targetTokens.empty() ? m_pair.clean.tokens.size() : m_pair.clean.targetTokens.size();
        m_pair.classes = static_cast<int>(clean.size() / positions);
        m_pair.likely = likelyAnswers(clean, corrupted, m_pair.classes, position, likelyOfEach);
        m_pair.question = {position, -1, -1};
        m_pair.question = pairQuestion(clean, corrupted, m_pair.classes, position, m_case.byProbability, m_case.answers);
        const Input &from = m_case.intoClean ? m_pair.corrupted : m_pair.clean, &into = m_case.intoClean ? m_pair.clean : m_pair.corrupted;
        m_patching = std::make_unique<Patching>(*m_runs, from, into, m_pair.question);
        m_pair.ofClean = outcomeOf(*m_patching, m_pair.question, clean);
        m_pair.ofCorrupted = outcomeOf(*m_patching, m_pair.question, corrupted);
        m_pair.changeByItself = m_patching->changeByItself(everySite(*m_model, into));
    }

    void fill(PatchFound& found, PatchPart part, const Told& tell) {
        const PatchCells* before = found.map(part);
        if (before && before->complete()) return;
        PatchCells cells = before ? *before : emptyCells(*m_model, part, m_pair.clean);
        const auto put = [&] { found.maps[part] = std::make_shared<const PatchCells>(cells); };
        fillCells(cells, *m_patching, m_pair.question, [&] {
            if (PatchClock::now() - m_told < budget::frame) return;
            m_told = PatchClock::now();
            put();
            tell(std::make_shared<const PatchFound>(found));
        });
        put();
    }

    void follow(PatchFound& found, const PatchPath& path) {
        if (std::ranges::find(found.paths, path, &PatchPathFound::path) != found.paths.end()) return;
        PatchPathFound way{path, 0, {}};
        try {
            way.recovered = m_patching->recoveredByPath(path.from, path.to, path.end);
        } catch (const InputError& error) {
            way.error = shown(error);
        }
        found.paths.push_back(way);
    }

    Worker::Context* m_context = nullptr;  ///< of the question that is being answered
    PatchClock::time_point m_told{};
    std::shared_ptr<const Model> m_model;
    CheckpointPtr m_checkpoint;
    std::unique_ptr<StreamRuns> m_runs;
    PatchCase m_case;
    PatchFound m_pair;  ///< without maps
    std::unique_ptr<Patching> m_patching;
};

PatchStudy::PatchStudy(QObject* parent) : QObject(parent), m_work(std::make_shared<Work>()) {
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &PatchStudy::ask);
}

PatchStudy::~PatchStudy() = default;

void PatchStudy::forget() {
    m_task.cancel();
    m_rest.stop();
    m_busy = m_stopped = false;
    m_wanted = m_asked = {};
    m_found.reset();
    m_kept.clear();
    m_run = nullptr;
}

void PatchStudy::look(Run* run, const CheckpointPtr& checkpoint, const PatchCase& pair, PatchPart part,
                      const std::optional<PatchPath>& path) {
    if (run != m_run) {
        disconnect(m_reset);
        forget();
        m_run = run;
        if (run) m_reset = connect(run, &Run::wasReset, this, &PatchStudy::forget);
    }
    m_wanted = {checkpoint, pair, part, path};
    if (m_wanted == m_asked) return;
    const bool training = run && run->state() == Run::State::training;
    const bool byHand = !training || !(pair == m_asked.pair) || part != m_asked.part || path != m_asked.path;
    if (byHand) {
        m_rest.stop();
        m_busy = m_stopped = false;
    }
    if (!m_rest.isActive()) ask();
}

std::shared_ptr<const PatchFound> PatchStudy::kept(const Asked& asked) const {
    for (const Kept& each : m_kept)
        if (each.checkpoint == asked.checkpoint && each.pair == asked.pair) return each.found;
    return nullptr;
}

void PatchStudy::ask() {
    if (m_busy || m_stopped || !m_run || !m_wanted.checkpoint || m_wanted == m_asked) return;
    m_busy = true;
    m_asked = m_wanted;
    if (const auto before = kept(m_asked)) m_found = before;
    std::vector<int> alternatives;
    if (!m_asked.pair.corrupted) alternatives = alternativesFor(*m_run, m_asked.pair.clean);
    m_task.requestTold(
        [this, work = m_work, model = m_run->model(), asked = m_asked, alternatives, before = kept(m_asked)](Worker::Context& context) {
            const auto start = PatchClock::now();
            work->answer(model, asked, alternatives, before, context, [&](const std::shared_ptr<const PatchFound>& found) {
                context.tell([this, asked, found] { take(asked, found); });
            });
            const double seconds = secondsSince(start);
            return [this, seconds] { finish(seconds); };
        },
        [this, asked = m_asked](const QString& error) {
            auto found = std::make_shared<PatchFound>();
            found->step = asked.checkpoint->step;
            found->clean = asked.pair.clean;
            found->corrupted = asked.pair.corrupted.value_or(asked.pair.clean);
            found->error = error;
            take(asked, found);
            finish(0);
        });
}

void PatchStudy::take(const Asked& of, const std::shared_ptr<const PatchFound>& found) {
    std::erase_if(m_kept, [&](const Kept& each) { return each.checkpoint == of.checkpoint && each.pair == of.pair; });
    m_kept.push_back({of.checkpoint, of.pair, found});
    if (m_kept.size() > mostKeptPairs) m_kept.erase(m_kept.begin());
    m_found = found;
    emit changed();
}

void PatchStudy::finish(double seconds) {
    m_busy = false;
    if (m_run && m_run->state() == Run::State::training) m_rest.start(budget::restAfter(seconds));
    emit changed();
    if (!m_rest.isActive()) ask();
}

bool PatchStudy::stop() {
    if (!m_busy) return false;
    m_task.cancel();
    m_busy = false;
    m_stopped = true;
    emit changed();
    return true;
}

void PatchStudy::goOn() {
    if (!m_stopped) return;
    m_stopped = false;
    m_asked = {};
    ask();
    emit changed();
}

}  // namespace lab
