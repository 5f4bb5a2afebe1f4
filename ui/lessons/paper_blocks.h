#pragma once

#include <QString>

#include "core/learn/lesson.h"
#include "ui/lessons/lesson_paper.h"
#include "ui/widgets/theme.h"

class QLocale;

namespace lab {

class Figure;

/// Makes what stands on a lesson's pages, one below the other, as wide as the page.
class PaperBlocks {
public:
    PaperBlocks(double width, const std::string& language) : m_width(width), m_language(language) {}

    void text(const std::string& markdown, TextSize size = TextSize::text, bool bold = false, Role role = Role::text);
    void words(const QString& html, TextSize size, bool bold, Role role = Role::text, double indent = 0);
    void space(double height);
    /// To write on.
    void lines(int count);
    /// A word and a line behind it, or what stands there.
    void blank(const QString& word, const QString& answer = {});
    /// A box to tick, or ticked.
    void answer(const std::string& markdown, bool ticked);
    /// A line for its place, or the place.
    void ranked(const std::string& markdown, const QString& place);
    /// Cells by rows, of which one may be the right one.
    struct Cells {
        QStringList rows, columns;
        int row = -1, column = -1;
    };
    void cells(const Cells& cells);
    /// Axes with `count` places, and what is right when there is something.
    void axes(const Prediction& prediction, std::size_t count, const std::vector<double>& right);
    /// At most `share` of the page's width.
    void figure(std::shared_ptr<const Figure> figure, double share);
    /// Keeps what came last on the page of what comes next.
    void keepWithNext();

    QString number(double value) const;
    std::vector<LessonPages::Block> take() { return std::move(m_blocks); }

private:
    void add(double height, std::function<void(QPainter&)> paint);

    double m_width;
    std::string m_language;
    std::vector<LessonPages::Block> m_blocks;
};

}  // namespace lab
