#include "core/explain/statements/drawing.h"

#include <cmath>

namespace lab::explain {
namespace {

constexpr std::size_t mostSaid = 12;

Words named(const Words& name, std::string text) {
    return Message::joined({name, Words(std::move(text))}, ": ");
}

std::string numbers(const std::vector<double>& values, int digits) {
    std::string text;
    for (std::size_t i = 0; i < std::min(values.size(), mostSaid); ++i) text += (i ? ", " : "") + shownNumber(values[i], digits);
    return values.size() > mostSaid ? text + ", \u2026" : text;
}

std::vector<Message> parts(const BarsDrawing& drawing) {
    std::vector<Message> all;
    for (const auto& series : drawing.series) all.push_back(named(series.name, numbers(series.values, drawing.digits)));
    return all;
}

std::vector<Message> parts(const CellsDrawing& drawing) {
    return {Words(std::to_string(drawing.rows) + " \u00D7 " + std::to_string(drawing.columns) + ": " +
                  numbers(drawing.values, drawing.digits))};
}

std::vector<Message> parts(const CurvesDrawing& drawing) {
    std::vector<Message> all;
    for (const auto& series : drawing.series)
        all.push_back(named(series.name, shownNumber(series.y.front(), 3) + " \u2192 " + shownNumber(series.y.back(), 3)));
    return all;
}

std::vector<Message> parts(const ArrowsDrawing& drawing) {
    std::vector<Message> all;
    for (const auto& arrow : drawing.arrows)
        all.push_back(named(arrow.name, "(" + shownNumber(arrow.x, 2) + ", " + shownNumber(arrow.y, 2) + ")"));
    return all;
}

std::vector<Message> parts(const BoxesDrawing& drawing) {
    std::vector<Message> all;
    for (const auto& line : drawing.lines) {
        std::vector<Message> boxes;
        for (const auto& box : line.boxes) boxes.push_back(box.name);
        const Message order = Message::joined(boxes, " \u2192 ");
        all.push_back(line.name.empty() ? order : Message::joined({line.name, order}, ": "));
    }
    return all;
}

}  // namespace

const Words& titleOf(const Drawing& drawing) {
    return std::visit([](const auto& each) -> const Words& { return each.title; }, drawing);
}

Words inWords(const Drawing& drawing) {
    return Message::joined(std::visit([](const auto& each) { return parts(each); }, drawing), "; ");
}

}  // namespace lab::explain
