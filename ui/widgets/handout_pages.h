#pragma once

#include <QPainter>
#include <string>
#include <vector>

#include "core/explain/markdown.h"

namespace lab {

/// What a handout is made of.
struct Handout {
    enum class Kind {
        explained,  ///< every stage with its numbers
        worksheet,  ///< some numbers are to be worked out
        solution    ///< the same, worked out
    };
    std::vector<std::string> stages = {};  ///< empty: all
    Kind kind = Kind::explained;
    bool pagePerStage = false;
};

/// A walk's stages one below the other on pages of A4, landscape: painted alike for paper and for a preview. No letter, be it an index,
/// is smaller than 8 pt on paper. A PrintTheme has to be held while it is made and painted.
class HandoutPages {
public:
    HandoutPages(const explain::Walk& walk, const explain::WalkTitle& title, const Handout& handout);

    int count() const { return static_cast<int>(m_pages.size()); }
    /// In the px that paint takes, without the paper's margins.
    static QSizeF size();
    /// The whole sheet, and the margin on each side.
    static QSizeF paper();
    static double margin();
    /// pt that such a px is on paper.
    static double points();
    void paint(QPainter& painter, int page) const;

private:
    struct Block {
        const explain::Stage* stage = nullptr;
        int number = 0;
        double top = 0.0;
    };
    class Pen;
    double write(Pen& pen, const Block& block) const;
    void writeTasks(Pen& pen, const explain::Stage& stage) const;
    void paintMatrix(Pen& pen, const explain::Stage& stage) const;
    void paintDesk(Pen& pen, const explain::Stage& stage) const;
    double header(Pen& pen) const;

    const explain::Walk& m_walk;
    explain::WalkTitle m_title;
    Handout m_handout;
    std::vector<std::vector<Block>> m_pages;
};

}  // namespace lab
