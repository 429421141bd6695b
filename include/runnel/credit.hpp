// SPDX-License-Identifier: MIT
// room: credit. Door: why did this light up, and who is responsible?
//
// Why:  an answer nobody can question is an oracle's. What moved is recorded by a sink, and traced back afterwards, so
//       that a frame nobody asks about pays nothing.
#pragma once

#include <runnel/credit/flow.hpp>
#include <runnel/credit/origin.hpp>
#include <runnel/credit/provenance.hpp>
