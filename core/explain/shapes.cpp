#include "core/explain/shapes.h"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <cmath>
#include <cstdio>

#include "core/explain/context.h"
#include "core/explain/quantities.h"
#include "core/explain/shape_rows.h"
#include "core/model/model.h"

namespace lab::explain {
namespace {

/// Rows of the maps that have some for each slot.
void setOfAllSlots(AxisSizes& sizes) {
    sizes['I'] = sizes['M'] * sizes['E'];
    sizes['Q'] = sizes['M'] * sizes['C'];
}

/// Rows of an expert, were the choices spread evenly.
void setOfExperts(AxisSizes& sizes) {
    if (sizes['e'] > 0.0) sizes['t'] = sizes['T'] * sizes['n'] / sizes['e'];
}

AxisSizes sizesOf(const Context& c) {
    const ModelConfig& config = c.config();
    AxisSizes sizes;
    const std::pair<char, int> extents[] = {{'B', 1},
                                            {'H', c.block.heads},
                                            {'G', c.block.kvHeads},
                                            {'T', c.queries},
                                            {'g', c.globals},
                                            {'S', c.keys},
                                            {'D', c.headDim},
                                            {'R', c.headDim / 2},
                                            {'J', c.block.heads * c.headDim},
                                            {'K', c.block.kvHeads * c.headDim},
                                            {'C', c.d},
                                            {'w', config.embedding_dim.value_or(c.d)},
                                            {'s', config.segments},
                                            {'F', *config.d_ff},
                                            {'Y', *config.num_classes},
                                            {'Z', *config.num_classes},
                                            {'U', config.input_dim.value_or(0)},
                                            {'V', *config.vocab_size},
                                            {'P', config.max_seq_len.value_or(0)},
                                            {'W', config.attention.pos_dim},
                                            {'f', config.attention.features},
                                            {'A', c.numbers.at("logits").extent(0)},
                                            {'N', static_cast<int>(c.question.input.tokens.size())},
                                            {'b', config.position.buckets},
                                            {'O', 1}};
    for (const auto& [axis, extent] : extents) sizes[axis] = extent;
    if (config.hasBottleneck()) {
        const BottleneckShape shape = config.bottleneck.shape();
        sizes['M'] = shape.slotCount;
        sizes['E'] = shape.width;
        sizes['L'] = shape.codes;
        setOfAllSlots(sizes);
    }
    sizes['d'] = c.layersOfSide();
    if (c.is("experts")) {
        sizes['e'] = config.feed_forward.experts;
        sizes['n'] = config.feed_forward.top_k;
        setOfExperts(sizes);
    }
    if (c.is("hashed")) sizes['r'] = static_cast<double>(c.numbers.at(c.name(".buckets")).extent(1));
    if (c.is("latent")) {
        sizes['X'] = *config.attention.latent_dim;
        sizes['x'] = c.is("rope") ? config.position.rope.dims.value_or(c.headDim) : 0;
        sizes['y'] = sizes['X'] + sizes['x'];
        sizes['k'] = c.block.heads * (c.headDim - sizes['x']);
    }
    return sizes;
}

/// What rows of shapes ask for beyond the walk's own traits.
void addTraits(Context& c) {
    const PositionKind position = c.config().position.kind;
    if (specOf(position).learnedTable) c.traits.insert("learned");
    if (c.is("inrows !learned")) c.traits.insert("sines");
    // Of a matrix: what a rule keeps for other parameters alone is not told.
    const auto second = [](const UpdateLine& line) { return line.is == UpdateLine::Is::moment && line.moment == 1; };
    if (std::ranges::any_of(c.question.optimizer.kind->explanation.lines, second)) c.traits.insert("twoMoments");
}

/// Of each expert that the row in hand goes through there is one.
bool isOfExpert(const std::string& row) {
    return row.find("ffn_") != std::string::npos && row != "d_ffn_both";
}

/// Of the stage with this suffix: "1" is the part of the layer behind the one in hand, or with several experts the row's second.
Variables variablesOf(const Context& c, const std::string& row, const std::string& suffix) {
    Variables v = c.variables;
    const int number = suffix.empty() ? 0 : std::stoi(suffix);
    if (c.is("experts") && isOfExpert(row)) {
        for (const auto& [name, words] : variablesOfExpert(c, number)) v[name] = words;
    } else {
        v["part"] = c.part(c.sublayer + number, "");
    }
    v["side"] = c.block.side;
    v["last"] = c.block.side + "." + text(c.layersOfSide() - 1) + ".residual";
    v["encoderEnd"] = endsInMean(c.config()) ? "" : encoderEnd(c.config());
    v["firstMoment"] = v["secondMoment"] = "";
    for (const UpdateLine& line : c.question.optimizer.kind->explanation.lines)
        if (line.is == UpdateLine::Is::moment) v[line.moment == 0 ? "firstMoment" : "secondMoment"] = std::string(line.symbol());
    v["dotQuery"] = c.is("features") ? "" : c.name(c.is("global") ? ".global_query" : ".query");
    v["dotKey"] = c.is("features") ? "" : c.name(c.is("global") ? ".global_key" : ".key");
    return v;
}

/// The row's stage, and the number that follows it.
std::pair<std::string, std::string> split(const std::string& stage) {
    std::string row = stage;
    for (const auto& [id, name] : {std::pair<std::string, std::string>{"d_l", "d_later"}, {"d_memory", "d_memory"}}) {
        const std::size_t digit = id.size(), after = stage.find('_', digit);
        if (!stage.starts_with(id) || digit >= stage.size() || !std::isdigit(static_cast<unsigned char>(stage[digit]))) continue;
        std::string later = name + stage.substr(after);
        while (std::isdigit(static_cast<unsigned char>(later.back()))) later.pop_back();  // of several experts
        return {later, ""};
    }
    std::string suffix;
    for (; !row.empty() && std::isdigit(static_cast<unsigned char>(row.back())); row.pop_back()) suffix.insert(0, 1, row.back());
    return {row, suffix};
}

/// As the trace and the layout name it; empty where the form has none. A parameter of several steps has the first one's name.
std::string tensorOf(const Context& c, const std::string& name) {
    static const std::string prefix = "gradient.";
    const bool ofGradient = name.starts_with(prefix);
    const std::string plain = ofGradient ? name.substr(prefix.size()) : name;
    if (const Parameter* p = c.model ? c.model->layout().find(plain) : nullptr) {
        const std::string own = (ofGradient ? prefix : "") + p->name;
        return !ofGradient || c.numbers.has(own) ? own : "";
    }
    return c.numbers.has(name) ? name : "";
}

TensorShape shapeOf(const Context& c, const ShapeRow& row, const Variables& v) {
    TensorShape shape{row.symbol.with(v), Message(row.meaning), row.axes, row.kind, row.joint, row.transposed, {}, row.type};
    shape.tensor = tensorOf(c, filled(row.tensor, v).english());
    return shape;
}

/// Weights that the form has not, as biases, are left out.
bool isThere(const ShapeRow& row, const TensorShape& shape) {
    const bool named = *row.tensor != '\0';
    return !named || !shape.tensor.empty() || (row.kind != TensorKind::weight && row.kind != TensorKind::gradient);
}

/// Of one of several experts: its own rows alone, which the trace has under its name.
void route(TensorShape& shape) {
    std::ranges::replace(shape.axes, 'T', 't');
    if (shape.axes.find('t') != std::string::npos) shape.tensor.clear();
}

StageShapes stageShapes(const Context& c, const Stage& stage, const Variables& v) {
    StageShapes of{stage.id, stage.symbol, stage.heading, {}};
    const std::string name = split(stage.id).first;
    const bool routed = c.is("experts") && isOfExpert(name);
    for (const ShapeRow& row : shapeRows()) {
        if (row.stage != name || !c.is(row.when)) continue;
        if (TensorShape shape = shapeOf(c, row, v); isThere(row, shape)) {
            if (routed) route(shape);
            of.tensors.push_back(std::move(shape));
        }
    }
    return of;
}

std::int64_t bytesOfType(std::string_view type) {
    return type.empty() ? 0 : type == "bool" ? 1 : 4;
}

}  // namespace

const AxisRow& axisRow(char letter) {
    const auto rows = axisRows();
    const auto found = std::ranges::find(rows, letter, &AxisRow::letter);
    assert(found != rows.end());
    return *found;
}

std::vector<const AxisRow*> axesOf(const Shapes& shapes) {
    std::string used;
    for (const StageShapes& stage : shapes.stages)
        for (const TensorShape& tensor : stage.tensors) used += tensor.axes;
    std::vector<const AxisRow*> found;
    for (const AxisRow& row : axisRows())
        if (!row.name.empty() && used.find(row.letter) != std::string::npos) found.push_back(&row);
    return found;
}

const TensorKindRow& tensorKindRow(TensorKind kind) {
    const auto rows = tensorKindRows();
    return *std::ranges::find(rows, kind, &TensorKindRow::kind);
}

std::string stageRowOf(const std::string& stage) {
    return split(stage).first;
}

std::string TensorShape::lineAxes() const {
    std::string written = axes;
    if (transposed) std::swap(written[written.size() - 1], written[written.size() - 2]);
    return written;
}

Words TensorShape::lineSymbol() const {
    if (!transposed) return symbol;
    return Message::joined({symbol, Words("^{T}")}, "");
}

double TensorShape::elements(const AxisSizes& sizes) const {
    double count = 1.0;
    for (const char axis : axes) count *= sizes[axis];
    return count;
}

double TensorShape::bytes(const AxisSizes& sizes) const {
    return elements(sizes) * static_cast<double>(bytesOfType(type));
}

std::string shapeText(std::string_view axes, const AxisSizes& sizes) {
    std::string written;
    for (const char axis : axes) {
        if (!written.empty()) written += ", ";
        if (axis != 'O') written += std::string(axisRow(axis).symbol) + "\u00A0";
        written += countText(sizes[axis]);
    }
    return "[" + written + "]";
}

Words StageShapes::line(const AxisSizes& sizes) const {
    std::vector<Message> parts;
    for (const TensorShape& tensor : tensors) {
        const std::string_view joint = tensor.joint;
        if (joint.empty()) continue;
        if (joint != " " && !parts.empty()) parts.push_back(Message::verbatim((joint == "," ? "" : " ") + std::string(joint) + " "));
        parts.push_back(Message::verbatim(std::string(tensorKindRow(tensor.kind).sign) + "\u00A0"));
        parts.push_back(tensor.lineSymbol());
        parts.push_back(Message::verbatim(" " + shapeText(tensor.lineAxes(), sizes)));
    }
    return Message::joined(std::move(parts), "");
}

const StageShapes* Shapes::find(const std::string& stage) const {
    const auto found = std::ranges::find(stages, stage, &StageShapes::stage);
    return found == stages.end() ? nullptr : &*found;
}

Shapes shapesOf(const Walk& walk, std::shared_ptr<const Model> model, std::shared_ptr<const Weights> weights, const NumberSource& numbers,
                const Question& question) {
    const auto context = contextOf(std::move(model), std::move(weights), numbers, question);
    Context& c = *context;
    addTraits(c);
    const FormSpec& form = specOf(c.config().attention.form);
    Shapes shapes{sizesOf(c), {}, c.is("cross"), form.ownQuery, c.is("rope"), c.is("tied"), c.is("learned"), c.is("slots")};
    for (const Stage& stage : walk.stages) {
        const auto& [row, suffix] = split(stage.id);
        shapes.stages.push_back(stageShapes(c, stage, variablesOf(c, row, suffix)));
    }
    return shapes;
}

/// Of an example, whose walk says what there is.
Shapes shapesOf(const Walk& walk) {
    Context c;
    const Stage *mix = walk.find("mix"), *dot = walk.find("dot"), *bends = walk.find("bends");
    if (!mix && !bends) return {};
    if (dot) c.traits.insert("scores");
    if (walk.find("exp")) c.traits.insert({"softmax", "shares"});
    for (const char* name : {"Q", "qk"}) c.variables[name] = "q";
    for (const char* name : {"K", "k"}) c.variables[name] = "k";
    c.variables["s"] = "s";
    c.block.name = "example";
    for (const char* name : {"B", "raw", "rawKey", "kind", "x", "dotQuery", "dotKey", "WQ", "WKey", "WV"}) c.variables[name] = "";
    const Grid& values = mix ? *mix->find("mix") : *bends->find("bends");
    Shapes shapes;
    for (const char axis : {'B', 'H', 'G', 'O'}) shapes.sizes[axis] = 1.0;
    shapes.sizes['S'] = values.columns;
    shapes.sizes['T'] = dot ? values.columns : 1.0;
    shapes.sizes['D'] = values.rows;
    shapes.sizes['F'] = values.columns;
    for (const Stage& stage : walk.stages) shapes.stages.push_back(stageShapes(c, stage, c.variables));
    return shapes;
}

/// Where the heads side by side are not as wide as the stream.
static bool hasOwnHeadWidth(const Shapes& shapes) {
    return shapes.sizes['C'] > 0.0 && shapes.sizes['J'] > 0.0 && shapes.sizes['C'] != shapes.sizes['J'];
}

AxisSizes typedAxes(const Shapes& shapes, const TypedSizes& typed) {
    AxisSizes sizes = shapes.sizes;
    const auto set = [&](char axis, std::int64_t size) { sizes[axis] = static_cast<double>(size); };
    set('B', typed.batch);
    set('H', typed.heads);
    set('G', shapes.grouped ? typed.kvHeads : typed.heads);
    set('T', typed.positions);
    set('S', shapes.cross ? typed.keys : typed.positions);
    set('A', typed.positions);
    set('N', shapes.cross && !shapes.ofSlots ? typed.keys : typed.positions);
    if (shapes.ofSlots) set('M', typed.keys);
    set('D', typed.headDim);
    set('F', typed.hidden);
    set('Y', typed.classes);
    set('Z', typed.classes);
    sizes['R'] = sizes['D'] / 2.0;
    sizes['J'] = sizes['H'] * sizes['D'];
    if (!hasOwnHeadWidth(shapes)) sizes['C'] = sizes['J'];
    sizes['K'] = sizes['G'] * sizes['D'];
    setOfAllSlots(sizes);
    setOfExperts(sizes);
    if (shapes.tied) sizes['V'] = sizes['Y'];
    if (shapes.learned) sizes['P'] = std::max({sizes['P'], sizes['T'], sizes['S']});
    return sizes;
}

Words typedProblem(const Shapes& shapes, const TypedSizes& typed) {
    if (shapes.grouped && typed.heads % typed.kvHeads != 0)
        return Message(LAB_TEXT("explain", "%1 heads cannot share %2 key-value heads evenly: G has to divide H"))
            .arg(typed.heads)
            .arg(typed.kvHeads);
    if (shapes.rotates && typed.headDim % 2 != 0)
        return Message(LAB_TEXT("explain", "RoPE turns channels in pairs: d_{h} = %1 is odd")).arg(typed.headDim);
    return {};
}

Words sizesRule(const Shapes& shapes) {
    if (hasOwnHeadWidth(shapes))
        return LAB_TEXT("explain",
                        "H and d_{h} are free, and d_{model} stays as this model has it; G divides H; with RoPE d_{h} is even; B and T are "
                        "free, and no weight but a table of positions depends on them.");
    if (shapes.rotates)
        return LAB_TEXT("explain",
                        "H divides d_{model} and d_{h} is their quotient; G divides H; RoPE needs an even d_{h}; B and T are free, and "
                        "no weight depends on them.");
    if (shapes.learned)
        return LAB_TEXT("explain",
                        "H divides d_{model} and d_{h} is their quotient; G divides H; the table of positions has at least as many "
                        "rows as the longer of T and S; B is free, and no other weight depends on B, T or S.");
    return LAB_TEXT("explain",
                    "H divides d_{model} and d_{h} is their quotient; G divides H; B and T are free, and no weight depends on them.");
}

std::string countText(double count) {
    constexpr double inFull = 1e12;
    char written[64];
    if (count >= inFull || count != std::floor(count)) {
        std::snprintf(written, sizeof written, "%.3g", count);
        return written;
    }
    std::snprintf(written, sizeof written, "%.0f", count);
    std::string digits = written;
    for (std::size_t at = digits.size(); at > 3 && digits.size() > 4; at -= 3) digits.insert(at - 3, "\u202F");
    if (digits.starts_with("\u202F")) digits.erase(0, std::string_view("\u202F").size());
    return digits;
}

Message bytesText(double bytes) {
    constexpr const char* units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    constexpr double step = 1024.0;
    if (bytes < step) return Message(LAB_TEXT("explain", "%1 bytes")).arg(countText(bytes));
    std::size_t unit = 0;
    for (bytes /= step; bytes >= step && unit + 1 < std::size(units); bytes /= step) ++unit;
    char written[64];
    std::snprintf(written, sizeof written, bytes < 100.0 ? "%.1f" : "%.0f", bytes);
    return Message::joined({Message::verbatim(written), Message::verbatim(units[unit])}, "\u00A0");
}

}  // namespace lab::explain
