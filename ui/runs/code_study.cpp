#include "ui/runs/code_study.h"

#include "core/base/errors.h"
#include "core/config/experiment.h"

namespace lab {
namespace {

constexpr std::size_t wholeStepsKept = 32;
// What the parts take of the work when all are measured.
constexpr double afterReport = 0.25, afterSymbols = 0.55, afterFlips = 0.75, afterLengths = 0.95;

/// What `part` finds of a step, or why it finds nothing; false: nobody wants it any more.
template <class T, class Part>
bool measured(FoundAtStep<T>& found, std::int64_t step, Part part) {
    try {
        auto value = part();
        if (!value) return false;
        found = {step, std::make_shared<const T>(std::move(*value)), {}};
    } catch (const InputError& error) {
        found = {step, nullptr, error.message()};
    }
    return true;
}

template <class T>
void takeNewer(FoundAtStep<T>& known, const FoundAtStep<T>& found, std::int64_t step) {
    if (found.isOf(step)) known = found;
}

}  // namespace

struct CodeStudy::Question {
    std::shared_ptr<const Model> model;
    CheckpointPtr checkpoint;
    LoadedTask task;
    std::shared_ptr<const codes::SequenceSet> set;  ///< null: not drawn yet
    Parts parts;
    CodeStudySizes sizes;
};

CodeStudy::CodeStudy(Parts parts, QObject* parent) : QObject(parent), m_parts(parts) {}

CodeStudy::~CodeStudy() = default;

void CodeStudy::meet(Run* run) {
    m_task.cancel();
    m_run = run;
    m_measured.reset();
    m_findings = {};
    m_kept.clear();
    m_stopped = false;
    m_error.clear();
}

/// The report comes first, and the last of the parts is the order of the numbers.
bool CodeStudy::isWhole() const {
    if (!m_wanted) return false;
    return m_parts == Parts::report ? m_findings.report.isOf(m_wanted->step) : m_findings.order.isOf(m_wanted->step);
}

void CodeStudy::look(Run* run, const CheckpointPtr& checkpoint) {
    if (run != m_run || !run) meet(run);
    m_wanted = run ? checkpoint : nullptr;
    if (!m_wanted || !m_error.isEmpty() || isWhole()) return;
    if (const auto kept = m_kept.find(m_wanted->step); kept != m_kept.end()) {
        if (m_measured) m_task.cancel();
        m_measured.reset();
        m_findings = kept->second;
        return;
    }
    if (m_stopped || m_measured == m_wanted) return;
    const bool lagsBehind = run->state() == Run::State::training && (m_measured || m_findings.report.step >= 0);
    if (!lagsBehind) start();
}

void CodeStudy::again() {
    m_stopped = false;
    m_error.clear();
    if (m_wanted && !isWhole()) start();
    emit changed();
}

bool CodeStudy::stop() {
    if (!m_measured) return false;
    m_task.cancel();
    m_measured.reset();
    m_stopped = true;
    emit changed();
    return true;
}

bool CodeStudy::stale() const {
    return m_wanted && !m_measured && m_error.isEmpty() && !isWhole();
}

bool CodeStudy::settled() const {
    const bool training = m_run && m_run->state() == Run::State::training;
    return !m_wanted || m_stopped || !m_error.isEmpty() || (!m_measured && (training || isWhole()));
}

void CodeStudy::start() {
    m_measured = m_wanted;
    m_share = 0;
    Question question{m_run->model(), m_measured, {m_run->experiment(), m_run->dataset()}, m_findings.set, m_parts, m_sizes};
    m_task.requestTold(
        [this, question = std::move(question)](Worker::Context& context) -> LatestTask::Found {
            const Watch watch = [this, &context](double share) {
                context.progress([this, share] {
                    m_share = share;
                    emit changed();
                });
                return !context.cancelled();
            };
            measure(question, watch, [this, &context](const CodeFindings& found) { context.tell([this, found] { take(found); }); });
            return [this] { end(); };
        },
        [this](const QString& message) {
            m_measured.reset();
            m_error = message;
            emit changed();
        });
}

/// Each part is told as soon as it is known.
void CodeStudy::measure(const Question& question, const Watch& watch, const Tell& tell) {
    const bool all = question.parts == Parts::all;
    const codes::Coder coder(question.model, question.checkpoint->weights);
    CodeFindings found{.set = question.set};
    if (!found.set)
        found.set = std::make_shared<const codes::SequenceSet>(codes::testSet(*question.task.dataset, question.sizes.report.sequences));
    auto report = codes::codeReport(coder, question.task.experiment.task, *found.set, question.sizes.report,
                                    partOfWatch(watch, 0, all ? afterReport : 1));
    if (!report) return;
    found.report = {question.checkpoint->step, std::make_shared<const codes::CodeReport>(std::move(*report)), {}};
    tell(found);
    if (all) measureMore(question, coder, std::move(found), watch, tell);
}

void CodeStudy::measureMore(const Question& question, const codes::Coder& coder, CodeFindings found, const Watch& watch, const Tell& tell) {
    const std::int64_t step = question.checkpoint->step;
    const Experiment& experiment = question.task.experiment;
    const CodeStudySizes& sizes = question.sizes;
    const auto symbols = [&] {
        return codes::symbolRobustness(coder, experiment, *found.set, sizes.robustness, partOfWatch(watch, afterReport, afterSymbols));
    };
    const auto flips = [&] {
        return codes::slotRobustness(coder, *found.set, sizes.robustness, partOfWatch(watch, afterSymbols, afterFlips));
    };
    const auto lengths = [&] {
        return codes::byLength(coder, experiment, codes::lengthsAround(experiment.task.seq_len), sizes.sequencesByLength,
                               partOfWatch(watch, afterFlips, afterLengths));
    };
    const auto order = [&] {
        return codes::numberOrder(coder, experiment, *found.set, *found.report.value, sizes.order, partOfWatch(watch, afterLengths, 1));
    };
    if (!measured(found.symbols, step, symbols)) return;
    tell(found);
    if (!measured(found.flips, step, flips)) return;
    tell(found);
    if (!measured(found.lengths, step, lengths)) return;
    tell(found);
    if (measured(found.order, step, order)) tell(found);
}

void CodeStudy::take(const CodeFindings& found) {
    if (!m_measured) return;
    const std::int64_t step = m_measured->step;
    m_findings.set = found.set;
    takeNewer(m_findings.report, found.report, step);
    takeNewer(m_findings.symbols, found.symbols, step);
    takeNewer(m_findings.flips, found.flips, step);
    takeNewer(m_findings.lengths, found.lengths, step);
    takeNewer(m_findings.order, found.order, step);
    emit changed();
}

/// What was shown meanwhile is looked at by whoever shows it.
void CodeStudy::end() {
    if (!m_measured) return;
    if (m_kept.size() >= wholeStepsKept) m_kept.erase(m_kept.begin());
    m_kept.insert_or_assign(m_measured->step, m_findings);
    m_measured.reset();
    emit changed();
}

}  // namespace lab
