#include <algorithm>

#include "core/data/loaded_task.h"
#include "core/tasks/model_tokens.h"
#include "core/training/memory_need.h"
#include "ui/documents/document_source.h"
#include "ui/documents/session.h"
#include "ui/widgets/format.h"

// The runs that others took the place of: what was trained stays, paused, and can be brought back.

namespace lab {
namespace {

/// What the histories may take allows so many: with less than this each, too few steps of the run that trains would be kept.
constexpr std::size_t leastHistoryOfARun = std::size_t{16} << 20;

}  // namespace

bool Session::canBringBack() const {
    return std::ranges::any_of(m_left, [](const LeftRun& each) { return each.run && each.wasShown; });
}

bool Session::bringBack() {
    if (!canBringBack()) return false;
    return askAndDo([this] {
        const auto found = std::find_if(m_left.rbegin(), m_left.rend(), [](const LeftRun& each) { return each.run && each.wasShown; });
        if (found == m_left.rend()) return false;
        Run* present = m_run;
        m_focus.setRun(found->run);  // which is not left any more
        if (present && present != m_run && !isTrained(*present)) m_workspace.remove(present);
        return true;
    });
}

/// It has steps that no file has.
bool Session::isTrained(const Run& run) const {
    const OpenRun* open = openRun(&run);
    return !run.records().empty() && !(open && open->document.savedStep == run.step());
}

/// What was trained stays, paused; the rest makes room.
void Session::leave(const std::vector<Run*>& runs) {
    std::vector<LeftRun> trained;
    for (Run* run : runs) {
        const auto wasLeft = [run](const LeftRun& each) { return each.run == run; };
        if (!isTrained(*run)) {
            m_workspace.remove(run);
            continue;
        }
        run->pause();
        if (std::ranges::none_of(m_left, wasLeft)) trained.push_back({run, run == m_run});
    }
    makeRoomFor(trained);
    m_left.insert(m_left.end(), trained.begin(), trained.end());
}

/// Of those left before; what one click leaves always stays.
void Session::makeRoomFor(const std::vector<LeftRun>& more) {
    std::erase_if(m_left, [](const LeftRun& each) { return !each.run; });
    const std::size_t budget = m_workspace.historyBudget(), most = std::max(budget / leastHistoryOfARun, std::size_t{1});
    const auto doNotFit = [&] {
        double bytes = 0;
        for (const std::vector<LeftRun>* list : {&std::as_const(m_left), &more})
            for (const LeftRun& each : *list) bytes += 2 * stateBytes(each.run->experiment());  // where it began and where it is
        return m_left.size() + more.size() > most || bytes > static_cast<double>(budget);
    };
    QStringList gone;
    while (!m_left.empty() && doNotFit()) {
        Run* oldest = m_left.front().run;
        m_left.erase(m_left.begin());
        gone << tr("%1 at step %2").arg(oldest->name(), grouped(oldest->step()));
        m_workspace.remove(oldest);
    }
    if (gone.empty()) return;
    emit madeRoom(tr("Made room for newer runs: %1").arg(gone.join(QStringLiteral(", "))),
                  tr("Runs that others took the place of are kept, up to %1 of them and %2 MB of weights. Save the session to keep all.")
                      .arg(most)
                      .arg(budget >> 20));
}

void Session::reset() {
    Run* run = m_focus.run();
    if (!run) return;
    if (madeElsewhere(run->experiment().task) && !run->origin() && !run->history().stateAtOrBefore(0))
        return emit failed(tr("The run cannot begin again"),
                           tr("It began with the weights of a model that was opened, which are not in its file. Open that model again."));
    if (run != m_run || !isTrained(*run)) return run->reset();
    try {
        requireTrainable({run->experiment(), run->dataset()});
        if (OpenRun* open = openRun(run)) open->document = m_document;
        const Input input = m_focus.input();
        const bool own = m_focus.sampleIndex() < 0;
        const auto headChanges = m_focus.headChanges();
        startAgain();
        Run* again = m_workspace.addAgain(*run);
        const OpenRun open{again, m_document, dataFolder(run)};
        m_focus.setRun(again);
        leave({run});
        m_runs.push_back(open);
        watch(again);
        tellDocument(again);
        m_focus.setHeadChanges(headChanges);
        if (own) m_focus.setInput(input);
    } catch (const std::exception& error) {
        emit failed(tr("The run cannot begin again"), sentenceOf(error));
    }
}

}  // namespace lab
