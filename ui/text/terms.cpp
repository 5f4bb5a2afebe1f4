#include "ui/text/terms.h"

#include <algorithm>

#include "ui/text/message_text.h"

namespace lab {

const std::vector<Term>& terms() {
    static const std::vector<Term> table = {
        {"kv", LAB_TEXT("terms", "KV: keys serve as queries, so i scores j as j scores i."),
         LAB_TEXT("terms", "Example: k₀ = (1, 0), k₁ = (2, 1): both scores are 2 / √2 = 1.41.")},
        {"kv+pos", LAB_TEXT("terms", "KV+Pos: a learned number s multiplies KV's scores, and each column j gets a number g(j) of its own."),
         LAB_TEXT("terms", "Example: s = −2, g(0) = 0.5: a score of 1.41 in column 0 becomes −2.33.")},
        {"mixed", LAB_TEXT("terms", "mixed: no one kind of place gets enough of the head's weight to name the head after it."),
         LAB_TEXT("terms", "Example: 30 % on the own position, 25 % on the one before it, the rest here and there.")},
        {"effective_keys", LAB_TEXT("terms", "Effective keys: over how many keys evenly spread weight would be as spread out."),
         LAB_TEXT("terms", "Example: weights 0.5 and 0.5 use 2 keys, 0.9 and 0.1 use 1.4.")},
        {"rollout",
         LAB_TEXT("terms", "Rollout: how much of each input position is in a position above, if shares are passed on layer by layer."),
         LAB_TEXT("terms",
                  "Example: a layer that looks at itself with 0.2 and at its neighbour with 0.8 has, with the residual half, 0.6 of "
                  "itself and 0.4 of the neighbour.")},
        {"flow",
         LAB_TEXT("terms",
                  "Flow: how much can come from an input position if every share (half attention, half the row itself) is a pipe of that "
                  "width."),
         LAB_TEXT("terms",
                  "Example: pipes of 0.4 and then 0.3 let 0.3 through; a second way of 0.2 makes it 0.5, before the row is divided by its "
                  "sum.")},
        {"kept", LAB_TEXT("terms", "kept: a step whose weights are in memory, so that it is shown at once; others are recomputed exactly."),
         LAB_TEXT("terms", "Example: at first every step up to 100, later ones ever more widely apart.")},
        {"previous_token_head",
         LAB_TEXT("terms", "Previous-token head: a head that puts most of its weight on the token before the query."),
         LAB_TEXT("terms",
                  "Example: 0.9 of each query's weight one place to the left; a later layer then finds at each position which token stood "
                  "before it.")},
        {"induction_head",
         LAB_TEXT("terms",
                  "Induction head: a head that looks at what followed an earlier copy of the query's token, and so foretells it again."),
         LAB_TEXT("terms",
                  "Example: 7 3 9 7 ?: from the second 7 it looks at the 3. The curve is the mean of that weight over all queries "
                  "whose token came before.")},
        {"icl_score",
         LAB_TEXT("terms",
                  "ICL score: the mean loss of late tokens of a sequence less that of early ones, in nats; below 0 the context helps."),
         LAB_TEXT("terms",
                  "Example: 0.4 late and 2.8 early give −2.4. Olsson et al. 2022 take the 500th token of 512 less the 50th; here it is the "
                  "last quarter less the first, each without its first token.")},
        {"film", LAB_TEXT("terms", "Film: the picture at kept steps, one after the other."),
         LAB_TEXT("terms", "Example: with steps 0, 1, 2 and 4 kept, a film of four pictures.")},
        {"gradient_step",
         LAB_TEXT("terms", "Gradient step on a prompt's pairs: w becomes w − η/N Σ (w · x − y) x; from w = 0 it is η/N Σ y x."),
         LAB_TEXT("terms", "Example: one pair x = 2, y = 3 and η = 0.1: w becomes 0.6, and at x = 1 the answer is 0.6.")},
        {"gd++",
         LAB_TEXT("terms", "GD++: before the next gradient step every x, also the query's, becomes x − γ/N Σ (x · x′) x′ over the pairs."),
         LAB_TEXT("terms", "Example: pairs at x = 1 and x = 1 with γ = 0.1: each x becomes 0.9.")},
        {"sensitivity", LAB_TEXT("terms", "Sensitivity: how the answer moves when x of the query moves, dy/dx; of y = w · x it is w."),
         LAB_TEXT("terms", "Example: y = 3x at x = 1 and 3.3 at x = 1.1: sensitivity 3.")},
        {"covariate_shift",
         LAB_TEXT("terms", "Covariate shift: the inputs come from another distribution than in the training, the functions from the same."),
         LAB_TEXT("terms", "Example: trained on x between −0.5 and 0.5, asked with x between −1 and 1.")},
        {"code_collision",
         LAB_TEXT("terms", "Collision: two different sequences have the same code, so that nobody can tell them apart by it."),
         LAB_TEXT("terms", "Example: 5 5 0 and 5 5 6 both get the codes 2, 7: what is read from them is the same for both.")},
        {"code_perplexity", LAB_TEXT("terms", "e^H of a slot: as many codes used alike would have the same entropy H."),
         LAB_TEXT("terms", "Example: 16 codes of which only 4 occur, equally often: e^H = 4, and the slot tells 2 bits.")},
    };
    return table;
}

QString termHelp(const QString& id) {
    const auto found = std::ranges::find_if(terms(), [&id](const Term& term) { return id == QLatin1String(term.id); });
    if (found == terms().end()) return {};
    return shown(Message(found->sentence)) + QLatin1Char('\n') + shown(Message(found->example));
}

QString withTerm(const QString& help, const QString& id) {
    const QString term = termHelp(id);
    return help.isEmpty() || term.isEmpty() ? help + term : help + QLatin1Char('\n') + term;
}

}  // namespace lab
