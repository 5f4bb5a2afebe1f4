#include "ui/lessons/lesson_paper.h"

#include <QPainter>
#include <algorithm>

#include "core/base/errors.h"
#include "core/lessons/revealed.h"
#include "ui/lessons/lesson_words.h"
#include "ui/lessons/paper_blocks.h"
#include "ui/runs/place.h"
#include "ui/scenes/heads_figure.h"
#include "ui/scenes/measure_words.h"
#include "ui/widgets/curves_figure.h"
#include "ui/widgets/paper.h"

namespace lab {
namespace {

constexpr double roomHigh = paper::high - paper::foot;
constexpr double mapShare = 0.52, wideShare = 0.8;  // of the page's width

const LessonTexts& textsIn(const LessonRow& row, const std::string& language) {
    const auto found = row.texts.find(language);
    return (found == row.texts.end() ? row.texts.begin() : found)->second;
}

QStringList upTo(std::int64_t count) {
    QStringList numbers;
    for (std::int64_t i = 0; i < count; ++i) numbers << QString::number(i);
    return numbers;
}

/// The block of a place, among the model's; nothing: it names none of them.
std::optional<int> blockOf(const LessonView& view, const Place& place) {
    const auto& blocks = view.moment.model->attentionBlocks();
    if (place.block.isEmpty()) return blocks.empty() ? std::nullopt : std::optional(0);
    const auto found = std::ranges::find(blocks, place.block.toStdString(), &AttentionBlock::name);
    return found == blocks.end() ? std::nullopt : std::optional(static_cast<int>(found - blocks.begin()));
}

/// One lesson, step by step.
class PaperWriter {
public:
    explicit PaperWriter(const LessonPaper& paper)
        : m_paper(paper), m_texts(textsIn(paper.row, paper.language)), m_blocks(paper::wide, paper.language) {}

    std::vector<LessonPages::Block> write() {
        head();
        for (std::size_t i = 0; i < m_paper.row.lesson.steps.size(); ++i) step(i);
        m_blocks.words(QObject::tr("One thing to try"), TextSize::token, true);
        m_blocks.keepWithNext();
        m_blocks.text(m_texts.tryNext);
        return m_blocks.take();
    }

private:
    bool solves() const { return m_paper.kind == LessonPaper::Kind::solution; }

    void head() {
        if (solves())
            m_blocks.words(QObject::tr("Solution"), TextSize::text, false, Role::muted);
        else
            m_blocks.blank(QObject::tr("Name:"));
        m_blocks.text(m_texts.title, TextSize::meter, true);
        m_blocks.text(m_texts.about);
        m_blocks.space(10);
    }

    void step(std::size_t place) {
        const LessonStep& step = m_paper.row.lesson.steps[place];
        const LessonStepTexts& texts = m_texts.steps[place];
        const auto view = std::ranges::find(m_paper.views, place, &LessonView::step);
        m_blocks.words(QObject::tr("Step %1").arg(place + 1), TextSize::token, true);
        m_blocks.keepWithNext();
        m_blocks.text(texts.say);
        if (step.predict) question(step, texts, view == m_paper.views.end() ? nullptr : &*view);
        if (solves()) {
            if (view != m_paper.views.end()) picture(step, *view);
            if (!texts.why.empty()) {
                m_blocks.words(QObject::tr("Why"), TextSize::text, true);
                m_blocks.keepWithNext();
                m_blocks.text(texts.why);
            }
        } else if (step.predict) {
            m_blocks.keepWithNext();
            m_blocks.words(QObject::tr("Why do you think so?"), TextSize::text, false, Role::muted);
            m_blocks.keepWithNext();
            m_blocks.lines(2);
        }
        m_blocks.space(12);
    }

    void question(const LessonStep& step, const LessonStepTexts& texts, const LessonView* view) {
        const Prediction& prediction = *step.predict;
        m_blocks.keepWithNext();
        m_blocks.text(texts.question, TextSize::text, true);
        m_blocks.keepWithNext();
        const Revealed* right = solves() && view && view->right ? &*view->right : nullptr;
        switch (prediction.kind) {
            case Prediction::Kind::choice:
                return choice(prediction, texts, right);
            case Prediction::Kind::order:
                return order(prediction, texts, right);
            case Prediction::Kind::number:
                return m_blocks.blank(QObject::tr("Answer:"), right ? near(right->numbers.front(), prediction.tolerance) : QString());
            case Prediction::Kind::cell:
                return cell(step, view, right);
            case Prediction::Kind::bars:
            case Prediction::Kind::curve:
                break;
        }
        const std::size_t count = view && view->right ? view->right->numbers.size() : 0;
        m_blocks.axes(prediction, count, right ? right->numbers : std::vector<double>());
        if (right) m_blocks.words(numbers(*right), TextSize::caption, false, Role::muted);
    }

    QString near(double value, double tolerance) const {
        if (tolerance <= 0) return m_blocks.number(value);
        return QStringLiteral("%1 \u00b1 %2").arg(m_blocks.number(value), m_blocks.number(tolerance));
    }
    QString numbers(const Revealed& right) const {
        QStringList all;
        for (const double number : right.numbers) all << m_blocks.number(number);
        return all.join(QStringLiteral("; "));
    }

    void choice(const Prediction& prediction, const LessonStepTexts& texts, const Revealed* right) {
        for (const Prediction::Answer& answer : prediction.answers) {
            m_blocks.answer(texts.answers.at(answer.id), right && right->answers.front() == answer.id);
            const bool last = &answer == &prediction.answers.back();
            if (!last) m_blocks.keepWithNext();
            const auto reason = texts.reasons.find(answer.id);
            if (!solves() || reason == texts.reasons.end()) continue;
            m_blocks.keepWithNext();
            m_blocks.words(lessonHtml(Theme::instance().font(TextSize::axis), reason->second), TextSize::axis, false, Role::muted, 28);
            if (!last) m_blocks.keepWithNext();
        }
    }

    void order(const Prediction& prediction, const LessonStepTexts& texts, const Revealed* right) {
        m_blocks.words(QObject::tr("The largest is 1."), TextSize::caption, false, Role::muted);
        for (const Prediction::Answer& answer : prediction.answers) {
            m_blocks.keepWithNext();
            QString place;
            if (right) place = QString::number(std::ranges::find(right->answers, answer.id) - right->answers.begin() + 1);
            m_blocks.ranked(texts.answers.at(answer.id), place);
        }
    }

    /// Of the map that the step shows.
    void cell(const LessonStep& step, const LessonView* view, const Revealed* right) {
        if (view) {
            const Place place = Place::parse(QString::fromStdString(step.show)).value_or(Place{});
            PaperBlocks::Cells cells;
            if (const auto block = blockOf(*view, place)) {
                const Tensor& weights =
                    view->trace->at(view->moment.model->attentionBlocks()[static_cast<std::size_t>(*block)].name + ".weights");
                cells = {upTo(weights.extent(1)), upTo(weights.extent(2))};
            }
            if (right) cells.row = static_cast<int>(right->numbers[0]), cells.column = static_cast<int>(right->numbers[1]);
            m_blocks.cells(cells);
            m_blocks.keepWithNext();
        }
        const auto said = [right](std::size_t i) { return right ? QString::number(right->numbers[i]) : QString(); };
        m_blocks.blank(QObject::tr("Query:"), said(0));
        m_blocks.keepWithNext();
        m_blocks.blank(QObject::tr("Key:"), said(1));
    }

    /// What the step shows, where it is a map or curves.
    void picture(const LessonStep& step, const LessonView& view) {
        const auto place = Place::parse(QString::fromStdString(step.show));
        if (!place) return;
        std::shared_ptr<Figure> figure;
        if (place->page == QLatin1String("maps")) figure = map(*place, view);
        if (place->page == QLatin1String("train")) figure = curves(view);
        if (!figure) return;
        m_blocks.space(4);
        const bool oneMap = place->page == QLatin1String("maps") && place->head;
        m_blocks.figure(figure, oneMap ? mapShare : wideShare);
        m_blocks.keepWithNext();
        m_blocks.words(figure->caption.toHtmlEscaped(), TextSize::caption, false, Role::muted);
    }

    std::shared_ptr<Figure> map(const Place& place, const LessonView& view) const {
        const auto block = blockOf(view, place);
        const auto stage = place.stage.isEmpty() ? MapStage::weights : findMapStage(place.stage.toStdString()).value_or(MapStage::weights);
        if (!block) return nullptr;
        try {
            return headsFigure(view.moment, view.input, view.trace, {stage, block, place.head});
        } catch (const InputError&) {
            return nullptr;  // its gradients, which only a window asks for
        }
    }

    std::shared_ptr<Figure> curves(const LessonView& view) const {
        if (view.metrics.size() < 2) return nullptr;
        const QString name = QString::fromStdString(view.moment.experiment.name);
        const QString caption = QObject::tr("Training of \u2018%1\u2019, up to step %2.").arg(name).arg(view.metrics.back().step);
        return metricsFigure(view.metrics, measureTitle(measureOf(view.moment.experiment.model)), name, caption);
    }

    const LessonPaper& m_paper;
    const LessonTexts& m_texts;
    PaperBlocks m_blocks;
};

}  // namespace

bool needsItsRun(const Lesson& lesson, LessonPaper::Kind kind) {
    if (kind == LessonPaper::Kind::solution) return true;
    return std::ranges::any_of(lesson.steps, [](const LessonStep& step) {
        return step.predict && (step.predict->kind == Prediction::Kind::bars || step.predict->kind == Prediction::Kind::curve ||
                                step.predict->kind == Prediction::Kind::cell);
    });
}

LessonPages::LessonPages(const LessonPaper& paper) : m_title(lessonPlain(textsIn(paper.row, paper.language).title)) {
    place(PaperWriter(paper).write());
}

/// What is kept together goes to the next page together, as long as a page holds it.
void LessonPages::place(std::vector<Block> blocks) {
    m_pages.emplace_back();
    double y = 0;
    for (std::size_t first = 0; first < blocks.size();) {
        std::size_t end = first;
        double together = blocks[first].height;
        while (blocks[end].withNext && end + 1 < blocks.size()) together += blocks[++end].height;
        ++end;
        if (y > 0 && y + std::min(together, roomHigh) > roomHigh) {
            m_pages.emplace_back();
            y = 0;
        }
        for (; first < end; ++first) {
            const double height = blocks[first].height;
            if (y > 0 && y + height > roomHigh) {
                m_pages.emplace_back();
                y = 0;
            }
            m_pages.back().push_back({std::move(blocks[first]), y});
            y += height;
        }
    }
}

void LessonPages::paint(QPainter& painter, int page) const {
    for (const Placed& placed : m_pages[static_cast<std::size_t>(page)]) {
        painter.save();
        painter.translate(0, placed.top);
        placed.block.paint(painter);
        painter.restore();
    }
}

void writeLessonPaper(const QString& path, const LessonPaper& paper) {
    writePaper(path, [&paper] {
        const auto pages = std::make_shared<const LessonPages>(paper);
        return PaperPages{pages->title(), pages->count(), [pages](QPainter& painter, int page) { pages->paint(painter, page); }};
    });
}

}  // namespace lab
