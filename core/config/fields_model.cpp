#include "core/config/field_list.h"

namespace lab {
namespace {

bool readsVectors(const Experiment& e) {
    return e.model.input.value_or(e.task.kind->input) == InputKind::vectors;
}

void addInput(FieldList& list) {
    list.add("model.input", [](auto& e) -> auto& { return e.model.input; },
             {.help = kindHelp<InputKind>(LAB_TEXT("help", "What stands at the positions of a sequence. Absent: what the task gives.")),
              .presence = Presence::derived});
    list.add("model.input_dim", [](auto& e) -> auto& { return e.model.input_dim; },
             {.help = LAB_TEXT("help", "Numbers of a vector, which one linear map brings to d_model. Absent: what the task gives."),
              .limits = {1, 65536},
              .applies = readsVectors,
              .presence = Presence::derived});
    list.add("model.class_token", [](auto& e) -> auto& { return e.model.class_token; },
             {.help = LAB_TEXT("help",
                               "A learned vector of d_model numbers stands before the others, at position 0 (BERT's [CLS], Devlin 2018; in "
                               "pictures Dosovitskiy 2020, arXiv 2010.11929)."),
              .applies = readsVectors});
    list.add("model.readout", [](auto& e) -> auto& { return e.model.readout; },
             {.help = kindHelp<Readout>(
                  LAB_TEXT("help", "Which positions answer. Absent: the class token where there is one, else what the task asks.")),
              .applies = readsVectors,
              .presence = Presence::derived});
}

void addSizes(FieldList& list) {
    list.add("model.vocab_size", [](auto& e) -> auto& { return e.model.vocab_size; },
             {.help = LAB_TEXT("help", "Rows of the token table. Absent: what the task needs, with one more for SEP or BOS in decoders."),
              .limits = {1, mostRows},
              .presence = Presence::derived});
    list.add("model.num_classes", [](auto& e) -> auto& { return e.model.num_classes; },
             {.help = LAB_TEXT("help", "Number of logits per position. Absent: what the task needs."),
              .limits = {1, mostRows},
              .presence = Presence::derived});
    list.add("model.d_model", [](auto& e) -> auto& { return e.model.d_model; },
             {.help = LAB_TEXT("help", "Width d of the residual stream: every token is a vector of d numbers."),
              .limits = {1, 16384},
              .common = true});
    list.add(
        "model.num_layers", [](auto& e) -> auto& { return e.model.num_layers; },
        {.help = LAB_TEXT(
             "help", "Number L of blocks (attention or the mixer, then feed-forward) in the stack; in an encoder-decoder, of the encoder."),
         .limits = {1, 256},
         .common = true});
    list.add(
        "model.num_decoder_layers", [](auto& e) -> auto& { return e.model.num_decoder_layers; },
        {.help = LAB_TEXT("help", "Number of blocks of an encoder-decoder's decoder; a decoder alone has num_layers. Absent: num_layers."),
         .limits = {1, 256},
         .applies = [](const Experiment& e) { return specOf(e.model.architecture).decoder; },
         .presence = Presence::derived});
}

void addHeads(FieldList& list) {
    list.add("model.num_heads", [](auto& e) -> auto& { return e.model.num_heads; },
             {.help = LAB_TEXT("help", "Number H of query heads; each has head_dim = d_model / num_heads channels."),
              .limits = {1, 1024},
              .applies = attends,
              .common = true});
    list.add("model.num_kv_heads", [](auto& e) -> auto& { return e.model.num_kv_heads; },
             {.help = LAB_TEXT(
                  "help",
                  "Number G of key-value heads; query head h reads head floor(h G / H). G = H: multi-head, 1: multi-query (Shazeer 2019), "
                  "between: grouped-query attention (Ainslie 2023, arXiv 2305.13245). Absent: num_heads."),
              .limits = {1, 1024},
              .applies = attends,
              .presence = Presence::derived});
    list.add(
        "model.head_dim", [](auto& e) -> auto& { return e.model.head_dim; },
        {.help = LAB_TEXT("help",
                          "Channels of each head, where they are not d_model / num_heads: queries are num_heads head_dim wide, keys and "
                          "values num_kv_heads head_dim (Qwen3). Absent: d_model / num_heads."),
         .limits = {1, 16384},
         .applies = attends,
         .presence = Presence::derived});
    list.add("model.d_ff", [](auto& e) -> auto& { return e.model.d_ff; },
             {.help = LAB_TEXT("help", "Hidden width of the feed-forward layer; 0: there is none. Absent: 2 d_model."),
              .limits = {0, 65536},
              .presence = Presence::derived});
    list.add(
        "model.max_seq_len", [](auto& e) -> auto& { return e.model.max_seq_len; },
        {.help = LAB_TEXT("help",
                          "The longest sequence that can be read: rows of the learned position table, or positions of the feed-forward "
                          "mixer. Absent: what the task needs."),
         .limits = {1, mostRows},
         .applies = [](const Experiment& e) { return e.model.isBounded(); },
         .presence = Presence::derived});
}

bool halts(const Experiment& e) {
    return specOf(e.model.depth.kind).halts;
}

void addDepth(FieldList& list) {
    list.add("model.depth.kind", [](auto& e) -> auto& { return e.model.depth.kind; },
             {.help = kindHelp<DepthKind>(LAB_TEXT("help", "What the steps of a stack are.")), .label = "depth"});
    list.add("model.depth.epsilon", [](auto& e) -> auto& { return e.model.depth.epsilon; },
             {.help = LAB_TEXT("help", "A position halts once the numbers of its halting unit add up to 1 - epsilon."),
              .limits = {0, 0.5, true},
              .applies = halts,
              .label = "halting epsilon"});
    list.add("model.depth.ponder", [](auto& e) -> auto& { return e.model.depth.ponder; },
             {.help = LAB_TEXT("help",
                               "What steps cost, tau: tau times the mean of N + R over a sequence's positions is added to its loss, for "
                               "each stack, N the steps that a position takes and R = p_N what is left for the last of them. The gradient "
                               "goes through R alone, since N moves in jumps. The curves of the loss are without it."),
              .limits = {0, 1000},
              .applies = halts});
    list.add("model.depth.halting_bias", [](auto& e) -> auto& { return e.model.depth.halting_bias; },
             {.help = LAB_TEXT("help",
                               "The halting unit's bias b where training starts: were w 0, a bias of 1 would give h = 0.73 and two steps; "
                               "far below 0 every position takes all steps that there are."),
              .limits = {-100, 100},
              .applies = halts});
}

void addMixer(FieldList& list) {
    list.add("model.mixer.kind", [](auto& e) -> auto& { return e.model.mixer.kind; },
             {.help = kindHelp<MixerKind>(LAB_TEXT("help", "What brings the positions together in each block.")), .label = "mixer"});
    list.add("model.mixer.width", [](auto& e) -> auto& { return e.model.mixer.width; },
             {.help = LAB_TEXT("help",
                               "Hidden units of the feed-forward mixer; its activation is feed_forward.activation. Absent: as many as "
                               "bring its number of parameters nearest to what attention with its own query, key and value for every "
                               "head has, 4 d_model^2, with bias 4 d_model more."),
              .limits = {1, 65536},
              .applies = [](const Experiment& e) { return !attends(e); },
              .presence = Presence::derived,
              .label = "mixer width"});
}

void addNorm(FieldList& list) {
    list.add("model.norm.kind", [](auto& e) -> auto& { return e.model.norm.kind; },
             {.help = kindHelp<NormKind>(LAB_TEXT("help", "How each row is brought to one scale.")), .label = "norm"});
    list.add("model.norm.placement", [](auto& e) -> auto& { return e.model.norm.placement; },
             {.help = kindHelp<NormPlacement>(LAB_TEXT("help", "Where the norm of a layer f stands."))});
    list.add("model.norm.epsilon", [](auto& e) -> auto& { return e.model.norm.epsilon; },
             {.help = LAB_TEXT("help", "Added beneath the root of the norm, so that a constant vector does no harm."),
              .limits = {0, 1, true, false},
              .label = "norm epsilon"});
}

void addRest(FieldList& list) {
    list.add("model.dropout", [](auto& e) -> auto& { return e.model.dropout; },
             {.help = LAB_TEXT("help",
                               "Probability p with which an activation is set to 0 in training; the others are multiplied by 1 / (1 - p)."),
              .limits = {0, 1, false, true}});
    list.add("model.layer_dropout", [](auto& e) -> auto& { return e.model.layer_dropout; },
             {.help = LAB_TEXT("help",
                               "Stochastic depth (Huang 2016, arXiv 1603.09382): in training what a part of layer l of L (attention, "
                               "feed-forward) would add is left out for a whole sequence with probability p l / L, l from 1; where it is "
                               "kept it is divided by 1 - p l / L."),
              .limits = {0, 1, false, true}});
    list.add("model.bias", [](auto& e) -> auto& { return e.model.bias; },
             {.help = LAB_TEXT("help",
                               "Whether query, key, value, attention output, feed-forward and the feed-forward mixer have bias vectors.")});
    list.add("model.embedding_bias", [](auto& e) -> auto& { return e.model.embedding_bias; },
             {.help = LAB_TEXT("help", "A bias on the token embedding, as in the paper's model, whose input is Linear(one-hot).")});
    list.add(
        "model.embedding_dim", [](auto& e) -> auto& { return e.model.embedding_dim; },
        {.help = LAB_TEXT("help",
                          "Numbers of a row of the embedding tables; where it is not d_model, a linear map brings the sum of a token's "
                          "rows to d_model (ALBERT, Lan 2019, arXiv 1909.11942, section 3.1). Absent: d_model."),
         .limits = {1, 16384},
         .applies = [](const Experiment& e) { return !readsVectors(e); },
         .presence = Presence::derived});
    list.add("model.embedding_norm", [](auto& e) -> auto& { return e.model.embedding_norm; },
             {.help = LAB_TEXT("help", "A norm of norm.kind behind the sum of token, position and segment vectors (BERT).")});
    list.add("model.segments", [](auto& e) -> auto& { return e.model.segments; },
             {.help = LAB_TEXT("help",
                               "Rows of a table of segment vectors, of which each token gets one added by the sentence it stands in, the "
                               "first gets row 0 (token types, BERT, Devlin 2018, arXiv 1810.04805); 0: there is none."),
              .limits = {0, 64},
              .applies = [](const Experiment& e) { return !readsVectors(e); }});
    list.add(
        "model.segment_end", [](auto& e) -> auto& { return e.model.segment_end; },
        {.help = LAB_TEXT("help",
                          "Id of the token that ends a segment and belongs to it ([SEP]): the segment of a token is the number of such "
                          "tokens before it, at most segments - 1."),
         .limits = {0, mostRows},
         .applies = [](const Experiment& e) { return !readsVectors(e) && e.model.segments > 1; },
         .presence = Presence::required});
    list.add(
        "model.residual", [](auto& e) -> auto& { return e.model.residual; },
        {.help = kindHelp<ResidualKind>(LAB_TEXT("help", "How attention and the feed-forward layer of a block stand to each other."))});
    list.add("model.init", [](auto& e) -> auto& { return e.model.init; },
             {.help = kindHelp<Initialisation>(LAB_TEXT("help", "How weights start."))});
    list.add("model.init_scale", [](auto& e) -> auto& { return e.model.init_scale; },
             {.help = LAB_TEXT("help", "Standard deviation of the matrices that init slots draws."),
              .limits = {0, 10, true},
              .applies = [](const Experiment& e) { return e.model.init == Initialisation::drawn_slots; }});
    list.add("model.init_step", [](auto& e) -> auto& { return e.model.init_step; },
             {.help = LAB_TEXT("help",
                               "Length of the gradient step that init gradient-descent makes of a layer, divided by the number of points: "
                               "eta / N. Absent: the best for one step on the task’s functions."),
              .limits = {0, 1000, true},
              .applies = [](const Experiment& e) { return e.model.init == Initialisation::gradient_descent; },
              .presence = Presence::derived});
    list.add("model.output.kind", [](auto& e) -> auto& { return e.model.output.kind; },
             {.help = kindHelp<OutputKind>(LAB_TEXT("help", "What makes logits of the last layer's output.")), .label = "output"});
    list.add(
        "model.output.tied", [](auto& e) -> auto& { return e.model.output.tied; },
        {.help = LAB_TEXT("help", "The last projection is the token table itself; needs num_classes = vocab_size (Press and Wolf 2017).")});
    list.add("model.output.bias", [](auto& e) -> auto& { return e.model.output.bias; },
             {.help = LAB_TEXT("help", "Whether the last projection has a bias; of a tied one tied_bias says it."),
              .applies = [](const Experiment& e) { return !e.model.output.tied; },
              .label = "output bias"});
    list.add("model.output.tied_bias", [](auto& e) -> auto& { return e.model.output.tied_bias; },
             {.help = LAB_TEXT("help", "Whether a tied projection has a bias of its own, one number a class (BERT)."),
              .applies = [](const Experiment& e) { return e.model.output.tied; }});
    list.add(
        "model.output.loss", [](auto& e) -> auto& { return e.model.output.loss; },
        {.help = kindHelp<LossKind>(LAB_TEXT("help", "What the outputs are and what they are trained by. Absent: what the task asks.")),
         .presence = Presence::derived,
         .label = "loss"});
}

}  // namespace

void addModelFields(FieldList& list) {
    list.add("model.architecture", [](auto& e) -> auto& { return e.model.architecture; },
             {.help = kindHelp<Architecture>(LAB_TEXT("help", "Which stacks it has, and what a position sees.")), .common = true});
    addInput(list);
    addSizes(list);
    addDepth(list);
    addMixer(list);
    addHeads(list);
    addAttentionFields(list);
    addPositionFields(list);
    addNorm(list);
    addFeedForwardFields(list);
    addRest(list);
    addDictionaryFields(list);
    addBottleneckFields(list);
}

}  // namespace lab
