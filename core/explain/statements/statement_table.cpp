#include "core/explain/statements/statement.h"

#include <algorithm>
#include <array>

#include "core/explain/statements/scene.h"

namespace lab::explain {

Words topicName(Topic topic) {
    static constexpr std::array<SourceText, topicCount> names{
        LAB_TEXT("statements", "Softmax and similarity"),    LAB_TEXT("statements", "Heads, residuals, norms, output"),
        LAB_TEXT("statements", "Code beside the right one"), LAB_TEXT("statements", "Positions"),
        LAB_TEXT("statements", "Maps, memory, long inputs"), LAB_TEXT("statements", "Learning, and what models do")};
    return names[static_cast<std::size_t>(topic)];
}

const std::vector<Statement>& statements() {
    static const std::vector<Statement> all = [] {
        std::vector<Statement> rows;
        for (const auto& topic : {statement_rows::softmaxAndSimilarity(), statement_rows::heads(), statement_rows::code(),
                                  statement_rows::positions(), statement_rows::maps(), statement_rows::learning()})
            rows.insert(rows.end(), topic.begin(), topic.end());
        return rows;
    }();
    return all;
}

const Statement* findStatement(std::string_view id) {
    const auto found = std::ranges::find(statements(), id, &Statement::id);
    return found == statements().end() ? nullptr : &*found;
}

Evidence evidenceOf(const Statement& statement, const StatementScene& scene) {
    StatementScene whole = completed(scene);
    const bool ofAnother = statement.fits && !statement.fits(whole.model->config());
    if (ofAnother) {
        StatementScene none;
        none.trained = scene.trained;
        whole = completed(none);
    }
    Evidence evidence = statement.evidence(whole);
    if (ofAnother)
        evidence.whose = LAB_TEXT(
            "statements", "Numbers of a small model that has not been trained: this is not said of models like the one that is open.");
    if (statement.live && evidence.whose.empty()) evidence.whose = whoseNumbers(scene, whole);
    return evidence;
}

}  // namespace lab::explain
