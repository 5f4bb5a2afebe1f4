#pragma once

#include <QRectF>
#include <QStringList>
#include <vector>

#include "core/codes/coder.h"

// What the way of a sequence through its code shows, and where its parts lie: sequence, encoder, dials, decoder, what is written.

namespace lab {

/// One token that the decoder wrote.
struct ReadBackToken {
    QString text;
    bool asked = true;     ///< the task wants something there
    bool wrong = false;    ///< it wants another one
    bool changed = false;  ///< the sequence's own code gives another one

    bool marked() const { return wrong || changed; }
    bool operator==(const ReadBackToken&) const = default;
};

struct CodeFlowScene {
    BottleneckShape shape;
    QString kind;              ///< "Finite scalar quantisation"
    QString encoder, decoder;  ///< "2 layers, d 64"
    QStringList sequence;
    codes::Code code;    ///< of the sequence, [slots]; empty: not known yet
    codes::Code turned;  ///< as the dials stand: the same, or what was set by hand
    std::vector<ReadBackToken> written;
    QString verdict;    ///< "✓ 8 of 8"; empty where nothing is asked
    QString emptyText;  ///< why there is no code

    /// A slot of two codes is a switch.
    bool switches() const { return shape.codes == 2; }
    bool known() const { return !code.empty(); }
    bool isTurned(std::size_t slot) const { return turned[slot] != code[slot]; }
};

/// Tokens in lines of as many as there is room for; those without room are told as "+3" in the last place.
struct TokenBlock {
    std::vector<QRectF> places;
    QRectF room;
    int left = 0;  ///< without a place of their own
};

/// In device-independent px at the theme's scale.
struct CodeFlowLayout {
    TokenBlock sequence, written;
    QRectF encoder, decoder;  ///< boxes; empty where there is no room for them
    std::vector<QRectF> arrows;
    std::vector<QRectF> slotRooms;  ///< [slots] all that belongs to a dial
    double dial = 0;                ///< the side of a dial with its marks, or the height of a switch
    double slotLine = 0;            ///< height of the slot's number above it
    double codeLine = 0;            ///< and of its code below
    bool large = false;             ///< codes are written large, and below them what a slot counts
    double nameTop = 0;             ///< of the line that says what parts are
    double height = 0;              ///< that all of it takes
    void moveDown(double by);

    QRectF dialRect(std::size_t slot) const;
    QRectF slotNumberRect(std::size_t slot) const;
    QRectF codeRect(std::size_t slot) const;
    QRectF powerRect(std::size_t slot) const;

    static CodeFlowLayout of(const CodeFlowScene& scene, const QRectF& room);
    /// px that are needed at least, whatever the slots.
    static int leastWidth();
};

}  // namespace lab
