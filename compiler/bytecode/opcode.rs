//! The opcode table.
//!
//! One row says all there is to say about an instruction: its name, its operands in order, the words that follow it,
//! which temporaries it takes and gives beyond its operands, its effects, and its meaning in register algebra.
//! Everything else derives from the rows through [`for_each_op!`]: the [`Opcode`] numbers, a struct for each
//! instruction, encoding and decoding, the disassembler, the verifier, the documentation, and the interpreter's trait of
//! handlers, which does not compile while a handler is missing.
//!
//! # Reading a row
//!
//! ```text
//! /// R[dst] := call R[base] with the n arguments in R[base + 1 ..]     <- meaning
//! call = Call { dst: Out, base: Base, n: Count }                        <- name, struct, operands in a, b, c
//!     ext { target: Label } cache 1                                     <- words that follow
//!     takes [base; n + 1] gives [first; 2]                              <- ranges of temporaries consumed, produced
//!     : raises reenters;                                                <- effects
//! ```
//!
//! `R[x]` is a register, `C[k]` a constant, `N[k]` a name, `exc` the frame's handled exception, `NULL` the absent value.
//!
//! # The discipline of temporaries
//!
//! Live temporaries always form a prefix: with `d` live ones, they are `R[t] .. R[t + d - 1]`, `t` being the
//! number of (near) locals. An instruction consumes its moved operands and its `takes` range, which lie at the end of the
//! prefix, then produces `dst` and its `gives` range at the new end. So one number for each instruction, the
//! *depth* after consumption, tells unwinding, `close()`, tracing and the cycle collector which registers hold
//! references. An instruction that raises has consumed, and has produced nothing.
//!
//! Entering an exception handler of depth `h`, the unwinder drops the temporaries from `h` up, puts the frame's handled
//! exception (or NULL) into `R[t + h]`, and makes the raised one the frame's handled exception; the handler starts with
//! depth `h + 1`. `pop_except` and `reraise` put it back.

/// Expands `$expand!` with all rows of the opcode table.
#[macro_export]
macro_rules! for_each_op {
    ($expand:path) => { $expand! {
        // ---- moves and constants ----
        /// Nothing.
        nop = Nop {};
        /// R[dst] := R[src]
        mov = Mov { dst: Out, src: In };
        /// R[a], R[b] := R[b], R[a]; both temporaries
        swap = Swap { a: Kept, b: Kept };
        /// drop R[src], a temporary
        drop_temp = DropTemp { src: In };
        /// R[dst] := C[value]
        load_const = LoadConst { dst: Out, value: Const };
        /// R[dst] := the int value
        load_int = LoadInt { dst: Out, value: Int };
        /// R[dst] := the common constant `which` (`CommonConstant`)
        load_common = LoadCommon { dst: Out, which: Kind };
        /// R[dst] := NULL, an absent argument or receiver
        push_null = PushNull { dst: Out };

        // ---- locals ----
        /// raise UnboundLocalError if the local is unbound
        check_local = CheckLocal { local: Kept } : raises;
        /// unbind the local; UnboundLocalError if it is unbound
        delete_local = DeleteLocal { local: Kept } : raises reenters;
        /// unbind the local, bound or not
        clear_local = ClearLocal { local: Kept } : reenters;
        /// R[dst] := R[local], bound or not; unbind the local
        save_local = SaveLocal { dst: Out, local: Kept };
        /// R[local] := R[saved], bound or not
        restore_local = RestoreLocal { local: Kept, saved: In } : reenters;
        /// R[dst] := far local; UnboundLocalError if it is unbound
        load_far = LoadFar { dst: Out, local: Far } : raises;
        /// far local := R[src]
        store_far = StoreFar { src: In, local: Far } : reenters;
        /// unbind the far local; UnboundLocalError if it is unbound
        delete_far = DeleteFar { pad: Count, local: Far } : raises reenters;

        // ---- cells ----
        /// R[local] := a new cell holding R[local], or an empty one
        make_cell = MakeCell { local: Kept };
        /// R[first + i] := the function's closure cell i, for all n
        copy_free_vars = CopyFreeVars { first: Kept, n: Count };
        /// R[dst] := content of the cell; NameError or UnboundLocalError if it is empty
        load_cell = LoadCell { dst: Out, cell: Kept } : raises;
        /// content of the cell := R[src]
        store_cell = StoreCell { cell: Kept, src: In } : reenters;
        /// empty the cell; NameError or UnboundLocalError if it is empty
        delete_cell = DeleteCell { cell: Kept } : raises reenters;
        /// R[dst] := mapping R[map] at the cell's name, else the cell's content (class bodies, annotation scopes)
        load_map_or_cell = LoadMapOrCell { dst: Out, map: In, cell: Kept } : raises reenters;

        // ---- names ----
        /// R[dst] := N[name] in the frame's locals, else globals, else builtins
        load_name = LoadName { dst: Out, name: Name } cache 2 : raises reenters;
        /// the frame's locals at N[name] := R[src]
        store_name = StoreName { src: In, name: Name } cache 1 : raises reenters;
        /// delete N[name] from the frame's locals
        delete_name = DeleteName { pad: Count, name: Name } : raises reenters;
        /// R[dst] := N[name] in the globals, else the builtins
        load_global = LoadGlobal { dst: Out, name: Name } cache 2 : raises reenters;
        /// globals at N[name] := R[src]
        store_global = StoreGlobal { src: In, name: Name } cache 1 : raises reenters;
        /// delete N[name] from the globals
        delete_global = DeleteGlobal { pad: Count, name: Name } : raises reenters;
        /// R[dst] := mapping R[map] at N[name], else globals, else builtins (class bodies, annotation scopes)
        load_map_or_global = LoadMapOrGlobal { dst: Out, map: In } ext { name: Name, pad: Cache } : raises reenters;
        /// R[dst] := the frame's locals mapping
        load_locals = LoadLocals { dst: Out } : raises;
        /// R[dst] := the builtin `__build_class__`
        load_build_class = LoadBuildClass { dst: Out } : raises reenters;
        /// make sure that the frame's locals have `__annotations__` (interactive and `from __future__` code)
        setup_annotations = SetupAnnotations {} : raises reenters;

        // ---- attributes and items ----
        /// R[dst] := R[object].N[name]
        load_attr = LoadAttr { dst: Out, object: In } ext { name: Name, shape: Cache } cache 1 : raises reenters;
        /// R[object].N[name] := R[value]
        store_attr = StoreAttr { object: In, value: In } ext { name: Name, shape: Cache } cache 1 : raises reenters;
        /// delete R[object].N[name]
        delete_attr = DeleteAttr { object: In } ext { name: Name, pad: Cache } : raises reenters;
        /// R[base], R[base + 1] := the method N[name] of R[object] and R[object] itself, or the attribute and NULL
        load_method = LoadMethod { base: Base, object: In } ext { name: Name, shape: Cache } cache 1
            gives [base; 2] : raises reenters;
        /// R[base] := attribute N[name] of super(R[base + 1], R[base + 2]), R[base] being the global `super`; for n = 2, R[base],
        /// R[base + 1] := the method and its self, or the attribute and NULL
        load_super_attr = LoadSuperAttr { base: Base, explicit: Kind, n: Count } ext { name: Name, shape: Cache } cache 1
            takes [base; 3] gives [base; n] : raises reenters;
        /// R[dst] := R[object][R[key]]
        load_item = LoadItem { dst: Out, object: In, key: In } : raises reenters;
        /// R[dst] := R[object][key]
        load_item_int = LoadItemInt { dst: Out, object: In, key: Imm } : raises reenters;
        /// R[object][R[key]] := R[value]
        store_item = StoreItem { object: In, key: In, value: In } : raises reenters;
        /// delete R[object][R[key]]
        delete_item = DeleteItem { object: In, key: In } : raises reenters;
        /// R[dst] := R[object][R[bounds] : R[bounds + 1]]
        load_slice = LoadSlice { dst: Out, object: In, bounds: Base } takes [bounds; 2] : raises reenters;
        /// R[base][R[base + 1] : R[base + 2]] := R[value]; the value was evaluated before R[base]
        store_slice = StoreSlice { value: In, base: Base } takes [base; 3] : raises reenters;
        /// R[dst] := slice(R[base], R[base + 1]) or, for n = 3, with the step R[base + 2]
        build_slice = BuildSlice { dst: Out, base: Base, n: Count } takes [base; n];

        // ---- unary and binary operators ----
        /// R[dst] := -R[src]
        neg = Neg { dst: Out, src: In } : raises reenters;
        /// R[dst] := +R[src]
        pos = Pos { dst: Out, src: In } : raises reenters;
        /// R[dst] := ~R[src]
        invert = Invert { dst: Out, src: In } : raises reenters;
        /// R[dst] := not R[src]
        not_ = Not { dst: Out, src: In } : raises reenters;
        /// R[dst] := bool(R[src])
        to_bool = ToBool { dst: Out, src: In } : raises reenters;
        /// R[dst] := R[lhs] + R[rhs]
        add = Add { dst: Out, lhs: In, rhs: In } flag inplace : raises reenters;
        /// R[dst] := R[lhs] - R[rhs]
        sub = Sub { dst: Out, lhs: In, rhs: In } flag inplace : raises reenters;
        /// R[dst] := R[lhs] * R[rhs]
        mul = Mul { dst: Out, lhs: In, rhs: In } flag inplace : raises reenters;
        /// R[dst] := R[lhs] / R[rhs]
        true_div = TrueDiv { dst: Out, lhs: In, rhs: In } flag inplace : raises reenters;
        /// R[dst] := R[lhs] // R[rhs]
        floor_div = FloorDiv { dst: Out, lhs: In, rhs: In } flag inplace : raises reenters;
        /// R[dst] := R[lhs] % R[rhs]
        modulo = Modulo { dst: Out, lhs: In, rhs: In } flag inplace : raises reenters;
        /// R[dst] := R[lhs] ** R[rhs]
        power = Power { dst: Out, lhs: In, rhs: In } flag inplace : raises reenters;
        /// R[dst] := R[lhs] @ R[rhs]
        mat_mul = MatMul { dst: Out, lhs: In, rhs: In } flag inplace : raises reenters;
        /// R[dst] := R[lhs] << R[rhs]
        lshift = Lshift { dst: Out, lhs: In, rhs: In } flag inplace : raises reenters;
        /// R[dst] := R[lhs] >> R[rhs]
        rshift = Rshift { dst: Out, lhs: In, rhs: In } flag inplace : raises reenters;
        /// R[dst] := R[lhs] & R[rhs]
        and = And { dst: Out, lhs: In, rhs: In } flag inplace : raises reenters;
        /// R[dst] := R[lhs] | R[rhs]
        or = Or { dst: Out, lhs: In, rhs: In } flag inplace : raises reenters;
        /// R[dst] := R[lhs] ^ R[rhs]
        xor = Xor { dst: Out, lhs: In, rhs: In } flag inplace : raises reenters;
        /// R[dst] := R[lhs] + rhs
        add_int = AddInt { dst: Out, lhs: In, rhs: Imm } flag inplace : raises reenters;
        /// R[dst] := R[lhs] - rhs
        sub_int = SubInt { dst: Out, lhs: In, rhs: Imm } flag inplace : raises reenters;
        /// R[dst] := R[lhs] * rhs
        mul_int = MulInt { dst: Out, lhs: In, rhs: Imm } flag inplace : raises reenters;
        /// R[dst] := R[lhs] // rhs
        floor_div_int = FloorDivInt { dst: Out, lhs: In, rhs: Imm } flag inplace : raises reenters;
        /// R[dst] := R[lhs] % rhs
        modulo_int = ModuloInt { dst: Out, lhs: In, rhs: Imm } flag inplace : raises reenters;
        /// R[dst] := R[lhs] << rhs
        lshift_int = LshiftInt { dst: Out, lhs: In, rhs: Imm } flag inplace : raises reenters;
        /// R[dst] := R[lhs] >> rhs
        rshift_int = RshiftInt { dst: Out, lhs: In, rhs: Imm } flag inplace : raises reenters;
        /// R[dst] := R[lhs] & rhs
        and_int = AndInt { dst: Out, lhs: In, rhs: Imm } flag inplace : raises reenters;

        // ---- comparisons ----
        /// R[dst] := R[lhs] < R[rhs]
        lt = Lt { dst: Out, lhs: In, rhs: In } : raises reenters;
        /// R[dst] := R[lhs] <= R[rhs]
        le = Le { dst: Out, lhs: In, rhs: In } : raises reenters;
        /// R[dst] := R[lhs] == R[rhs]
        eq = Eq { dst: Out, lhs: In, rhs: In } : raises reenters;
        /// R[dst] := R[lhs] != R[rhs]
        ne = Ne { dst: Out, lhs: In, rhs: In } : raises reenters;
        /// R[dst] := R[lhs] > R[rhs]
        gt = Gt { dst: Out, lhs: In, rhs: In } : raises reenters;
        /// R[dst] := R[lhs] >= R[rhs]
        ge = Ge { dst: Out, lhs: In, rhs: In } : raises reenters;
        /// R[dst] := R[lhs] is R[rhs], or (negate) is not
        is = Is { dst: Out, lhs: In, rhs: In } flag negate : reenters;
        /// R[dst] := R[item] in R[container], or (negate) not in
        contains = Contains { dst: Out, item: In, container: In } flag negate : raises reenters;

        // ---- jumps ----
        /// go to target, forward
        jump = Jump { pad: Count, target: Label } : jumps;
        /// go to target, backward; polls the eval-breaker
        jump_back = JumpBack { pad: Count, target: Label } : raises reenters jumps;
        /// if R[src] is true, go to target
        jump_if = JumpIf { src: In, target: Label } : raises reenters jumps;
        /// if R[src] is false, go to target
        jump_if_not = JumpIfNot { src: In, target: Label } : raises reenters jumps;
        /// if R[src] is None, go to target
        jump_if_none = JumpIfNone { src: In, target: Label } : reenters jumps;
        /// if R[src] is not None, go to target
        jump_if_not_none = JumpIfNotNone { src: In, target: Label } : reenters jumps;
        /// if R[lhs] is R[rhs] (negate: is not), go to target
        jump_if_is = JumpIfIs { lhs: In, rhs: In } ext { target: Label, pad: Cache } flag negate : reenters jumps;
        /// if R[item] in R[container] (negate: not in), go to target
        jump_if_in = JumpIfIn { item: In, container: In } ext { target: Label, pad: Cache } flag negate
            : raises reenters jumps;
        /// if R[lhs] < R[rhs] (negate: if not), go to target
        jump_if_lt = JumpIfLt { lhs: In, rhs: In } ext { target: Label, pad: Cache } flag negate : raises reenters jumps;
        /// if R[lhs] <= R[rhs] (negate: if not), go to target
        jump_if_le = JumpIfLe { lhs: In, rhs: In } ext { target: Label, pad: Cache } flag negate : raises reenters jumps;
        /// if R[lhs] == R[rhs] (negate: if not), go to target
        jump_if_eq = JumpIfEq { lhs: In, rhs: In } ext { target: Label, pad: Cache } flag negate : raises reenters jumps;
        /// if R[lhs] != R[rhs] (negate: if not), go to target
        jump_if_ne = JumpIfNe { lhs: In, rhs: In } ext { target: Label, pad: Cache } flag negate : raises reenters jumps;
        /// if R[lhs] > R[rhs] (negate: if not), go to target
        jump_if_gt = JumpIfGt { lhs: In, rhs: In } ext { target: Label, pad: Cache } flag negate : raises reenters jumps;
        /// if R[lhs] >= R[rhs] (negate: if not), go to target
        jump_if_ge = JumpIfGe { lhs: In, rhs: In } ext { target: Label, pad: Cache } flag negate : raises reenters jumps;
        /// if R[lhs] < rhs (negate: if not), go to target
        jump_if_lt_int = JumpIfLtInt { lhs: In, rhs: Imm } ext { target: Label, pad: Cache } flag negate
            : raises reenters jumps;
        /// if R[lhs] <= rhs (negate: if not), go to target
        jump_if_le_int = JumpIfLeInt { lhs: In, rhs: Imm } ext { target: Label, pad: Cache } flag negate
            : raises reenters jumps;
        /// if R[lhs] == rhs (negate: if not), go to target
        jump_if_eq_int = JumpIfEqInt { lhs: In, rhs: Imm } ext { target: Label, pad: Cache } flag negate
            : raises reenters jumps;
        /// if R[lhs] != rhs (negate: if not), go to target
        jump_if_ne_int = JumpIfNeInt { lhs: In, rhs: Imm } ext { target: Label, pad: Cache } flag negate
            : raises reenters jumps;
        /// if R[lhs] > rhs (negate: if not), go to target
        jump_if_gt_int = JumpIfGtInt { lhs: In, rhs: Imm } ext { target: Label, pad: Cache } flag negate
            : raises reenters jumps;
        /// if R[lhs] >= rhs (negate: if not), go to target
        jump_if_ge_int = JumpIfGeInt { lhs: In, rhs: Imm } ext { target: Label, pad: Cache } flag negate
            : raises reenters jumps;

        // ---- displays, unpacking, strings ----
        /// R[dst] := tuple of R[base .. base + n]
        build_tuple = BuildTuple { dst: Out, base: Base, n: Count } takes [base; n];
        /// R[dst] := list of R[base .. base + n]
        build_list = BuildList { dst: Out, base: Base, n: Count } takes [base; n];
        /// R[dst] := set of R[base .. base + n]
        build_set = BuildSet { dst: Out, base: Base, n: Count } takes [base; n] : raises reenters;
        /// R[dst] := dict of the n pairs R[base], R[base + 1], ..
        build_map = BuildMap { dst: Out, base: Base, n: Count } takes [base; 2 * n] : raises reenters;
        /// append R[item] to the list R[list]
        list_append = ListAppend { list: Kept, item: In };
        /// extend the list R[list] by the items of R[items]
        list_extend = ListExtend { list: Kept, items: In } : raises reenters;
        /// add R[item] to the set R[set]
        set_add = SetAdd { set: Kept, item: In } : raises reenters;
        /// add the items of R[items] to the set R[set]
        set_update = SetUpdate { set: Kept, items: In } : raises reenters;
        /// dict R[map] at R[key] := R[value]
        map_add = MapAdd { map: Kept, key: In, value: In } : raises reenters;
        /// update the dict R[map] from the mapping R[items]
        dict_update = DictUpdate { map: Kept, items: In } : raises reenters;
        /// merge the mapping R[items] into the keyword dict R[map]; a repeated or non-string key is a TypeError that
        /// names the callable R[callable]
        dict_merge = DictMerge { map: Kept, items: In, callable: Kept } : raises reenters;
        /// R[dst] := tuple of the list R[src]
        list_to_tuple = ListToTuple { dst: Out, src: In };
        /// R[base + n - 1 - i] := item i of R[src], which has exactly n
        unpack = Unpack { base: Base, src: In, n: Count } gives [base; n] : raises reenters;
        /// R[first], R[second] := the two items of R[src]
        unpack_pair = UnpackPair { first: Out, second: Out, src: In } : raises reenters;
        /// R[base + before + after - i] := item i of R[src], the starred one a list
        unpack_star = UnpackStar { base: Base, src: In } ext { before: Int, after: Int }
            gives [base; before + after + 1] : raises reenters;
        /// R[dst] := R[src] converted (`Conversion`: str, repr, ascii)
        convert = Convert { dst: Out, src: In, how: Kind } : raises reenters;
        /// R[dst] := format(R[src], "")
        format_simple = FormatSimple { dst: Out, src: In } : raises reenters;
        /// R[dst] := format(R[src], R[spec])
        format_spec = FormatSpec { dst: Out, src: In, spec: In } : raises reenters;
        /// R[dst] := concatenation of the strings R[base .. base + n]
        build_string = BuildString { dst: Out, base: Base, n: Count } takes [base; n] : raises;
        /// R[dst] := Template(strings tuple R[base], interpolations tuple R[base + 1])
        build_template = BuildTemplate { dst: Out, base: Base } takes [base; 2];
        /// R[dst] := Interpolation(R[base] value, R[base + 1] expression, conversion, R[base + 2] format spec or NULL)
        build_interpolation = BuildInterpolation { dst: Out, base: Base, conversion: Kind } takes [base; 3];

        // ---- calls and functions ----
        /// R[dst] := R[base](R[base + 1 .. base + 1 + n])
        call = Call { dst: Out, base: Base, n: Count } takes [base; n + 1] : raises reenters;
        /// R[dst] := R[base](R[base + 1], R[base + 2 ..] n of them), R[base + 1] left out if NULL
        call_method = CallMethod { dst: Out, base: Base, n: Count } takes [base; n + 2] : raises reenters;
        /// as `call`; the last arguments are keyword arguments named by the tuple C[names]
        call_kw = CallKw { dst: Out, base: Base, n: Count } ext { names: Const, pad: Cache }
            takes [base; n + 1] : raises reenters;
        /// as `call_method`; the last arguments are keyword arguments named by the tuple C[names]
        call_method_kw = CallMethodKw { dst: Out, base: Base, n: Count } ext { names: Const, pad: Cache }
            takes [base; n + 2] : raises reenters;
        /// R[dst] := R[base](*R[base + 1], **R[base + 2]); R[base + 1] any iterable, R[base + 2] a mapping or NULL
        call_ex = CallEx { dst: Out, base: Base } takes [base; 3] : raises reenters;
        /// as `call`, the result being awaited by the `await_` that follows: a call of a coroutine function runs without a
        /// coroutine object while nobody looks, and skips that `await_`; any other result goes through `get_awaitable`
        await_call = AwaitCall { dst: Out, base: Base, n: Count } takes [base; n + 1] : raises reenters;
        /// as `await_call`, for `call_method`
        await_call_method = AwaitCallMethod { dst: Out, base: Base, n: Count } takes [base; n + 2] : raises reenters;
        /// R[dst] := the intrinsic `which` (`Intrinsic`) of R[base .. base + n]
        intrinsic = Intrinsic { dst: Out, base: Base, which: Kind } ext { n: Int, pad: Cache }
            takes [base; n] : raises reenters;
        /// R[dst] := function of the code C[code] with the parts that follow R[base] in the order of the bits of
        /// `parts` (`FunctionParts`): defaults tuple, keyword defaults dict, annotate function, closure tuple
        make_function = MakeFunction { dst: Out, base: Base, parts: Kind } ext { code: Const, pad: Cache }
            takes [base; parts.count_ones()] : raises;
        /// return R[src] to the caller
        return_value = ReturnValue { src: In } : returns reenters;
        /// return C[value] to the caller
        return_const = ReturnConst { pad: Count, value: Const } : returns reenters;

        // ---- iteration, generators, coroutines ----
        /// R[dst] := iter(R[src])
        get_iter = GetIter { dst: Out, src: In } : raises reenters;
        /// R[dst] := next item of R[iter]; when exhausted drop R[iter] and go to target
        for_iter = ForIter { dst: Out, iter: Kept } ext { target: Label, pad: Cache } : raises reenters jumps;
        /// R[first], R[second] := the two items of the next item of R[iter]; when exhausted drop R[iter], go to target
        for_iter_pair = ForIterPair { first: Out, second: Out, iter: Kept } ext { target: Label, pad: Cache }
            : raises reenters jumps;
        /// suspend with R[src]; resumed, R[dst] := what was sent
        yield_value = YieldValue { dst: Out, src: In } : raises reenters suspends;
        /// as `yield_value` for an async generator's own yield: the value is marked as an item
        yield_item = YieldItem { dst: Out, src: In } : raises reenters suspends;
        /// R[dst] := the iterator that `yield from R[src]` delegates to
        get_yield_from = GetYieldFrom { dst: Out, src: In } : raises reenters;
        /// R[dst] := the awaitable's iterator; `how` (`AwaitedBy`) words the TypeError
        get_awaitable = GetAwaitable { dst: Out, src: In, how: Kind } : raises reenters;
        /// delegate to the iterator R[iter] until it returns, suspending with whatever it yields; R[dst] := its result.
        /// While suspended R[iter] is live too.
        await_ = Await { dst: Out, iter: In } : raises reenters suspends;
        /// R[dst] := R[src].__aiter__()
        get_aiter = GetAiter { dst: Out, src: In } : raises reenters;
        /// R[dst] := the awaitable's iterator of R[aiter].__anext__()
        get_anext = GetAnext { dst: Out, aiter: Kept } : raises reenters;
        /// the handled exception ends the `async for` over R[aiter] if it is StopAsyncIteration: take it and R[aiter] away,
        /// with R[saved] as `pop_except` does; else reraise it
        end_async_for = EndAsyncFor { aiter: In, saved: In } : raises reenters;

        // ---- exceptions and context managers ----
        /// raise R[exc]
        raise_exc = RaiseExc { exc: In } : raises reenters ends;
        /// raise R[exc] from R[cause]
        raise_from = RaiseFrom { exc: In, cause: In } : raises reenters ends;
        /// raise the handled exception again; RuntimeError if there is none
        raise_handled = RaiseHandled {} : raises ends;
        /// R[dst] := exc
        load_exc = LoadExc { dst: Out };
        /// exc := R[saved], the handler being done
        pop_except = PopExcept { saved: In } : reenters;
        /// raise exc again without a new traceback entry, after exc := R[saved]; `place` (`reraise_place`) says from where
        reraise = Reraise { saved: In, place: Kind } : raises ends;
        /// if exc does not match the class or tuple R[type], go to target
        jump_if_no_match = JumpIfNoMatch { type_: In, target: Label } : raises reenters jumps;
        /// R[base], R[base + 1] := the part of the exception R[base] that does not match R[base + 1], and the part that
        /// does, or None; a part that does becomes the handled exception; raises TypeError for a bad type (`except*`)
        match_group = MatchGroup { base: Base } takes [base; 2] gives [base; 2] : raises reenters;
        /// R[base .. base + 4] := exit method, its self or NULL, enter method, its self or NULL, of the manager R[base]
        /// (`ManagerKind`: with, async with)
        load_manager = LoadManager { base: Base, kind: Kind } takes [base; 1] gives [base; 4] : raises reenters;
        /// R[base .. base + 5] := R[exit], R[exit + 1], type, value and traceback of exc: a `call_method` with n = 3
        push_exit_args = PushExitArgs { base: Base, exit: Kept } gives [base; 5];

        // ---- imports ----
        /// R[dst] := the module N[name], with fromlist R[base + 1] and level R[base]
        import_name = ImportName { dst: Out, base: Base } ext { name: Name, pad: Cache } takes [base; 2]
            : raises reenters;
        /// R[dst] := attribute N[name] of the module R[module], or its submodule
        import_from = ImportFrom { dst: Out, module: Kept } ext { name: Name, pad: Cache } : raises reenters;

        // ---- pattern matching ----
        /// if R[src] is not a sequence in the sense of `match`, go to target
        jump_if_not_sequence = JumpIfNotSequence { src: Kept, target: Label } : jumps;
        /// if R[src] is not a mapping in the sense of `match`, go to target
        jump_if_not_mapping = JumpIfNotMapping { src: Kept, target: Label } : jumps;
        /// R[dst] := len(R[src])
        get_len = GetLen { dst: Out, src: Kept } : raises reenters;
        /// R[dst] := tuple of the values of the mapping R[subject] at the keys R[keys], or None if one is missing
        match_keys = MatchKeys { dst: Out, subject: Kept, keys: Kept } : raises reenters;
        /// R[dst] := tuple of the attributes of R[base] for the class R[base + 1], `count` positional patterns and the
        /// names tuple R[base + 2], or None if it does not match
        match_class = MatchClass { dst: Out, base: Base, count: Count } takes [base; 3] : raises reenters;

        // ---- monitoring ----
        /// another instruction, of which somebody wants to hear: put over its opcode while the code runs, in no template
        instrumented = Instrumented {} : raises reenters;
    } };
}

macro_rules! define_opcodes {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident = $Op:ident { $($field:ident: $Type:ident),* }
            $(ext { $($ext:ident: $ExtType:ident),* })?
            $(cache $cache:literal)?
            $(flag $flag:ident)?
            $(takes [$take:ident; $take_n:expr])?
            $(gives [$give:ident; $give_n:expr])?
            $(: $($effect:ident)+)?;
    )*) => {
        /// The number of an instruction, in the low byte of its word.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Opcode {
            $($(#[doc = $doc])* $Op,)*
        }

        impl Opcode {
            /// Every opcode, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$Op),*];

            /// The opcode's name, as the disassembler prints it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$Op => stringify!($name),)* }
            }

            /// The row's doc text.
            pub const fn doc(self) -> &'static str {
                match self { $(Self::$Op => concat!($($doc, "\n"),*),)* }
            }

            /// The row's operands and clauses, as they stand in the table.
            pub const fn signature(self) -> &'static str {
                match self {
                    $(Self::$Op => concat!(
                        stringify!($($field: $Type),*)
                        $(, " ext { ", stringify!($($ext: $ExtType),*), " }")?
                        $(, " cache ", stringify!($cache))?
                        $(, " flag ", stringify!($flag))?
                        $(, " takes ", stringify!([$take; $take_n]))?
                        $(, " gives ", stringify!([$give; $give_n]))?
                    ),)*
                }
            }

            /// Words of the whole instruction: its own, the extension, and the inline cache.
            pub const fn words(self) -> usize {
                match self { $(Self::$Op => 1 + extension_words(&[$($(stringify!($ext)),*)?]) $(+ $cache)?,)* }
            }

            /// Which of the fields a, b, c (bits 0, 1, 2) name registers.
            pub const fn register_fields(self) -> u8 {
                match self {
                    $(Self::$Op => register_fields(&[
                        $((<operand::$Type as Operand>::ROLE, <operand::$Type as Operand>::SLOTS)),*
                    ]),)*
                }
            }

            /// What the instruction may do beside its operands.
            pub const fn effects(self) -> Effects {
                match self { $(Self::$Op => Effects { $($($effect: true,)*)? ..Effects::NONE },)* }
            }
        }

        /// The instructions, one struct for each row.
        pub mod instruction {
            use super::{Operand, operand::*, Fields, Reader};
            $(
                $(#[doc = $doc])*
                #[derive(Clone, Copy, Debug, PartialEq, Eq)]
                #[allow(missing_docs, reason = "the row's meaning documents the operands")]
                pub struct $Op { $(pub $field: $Type,)* $($(pub $ext: $ExtType,)*)? $(pub $flag: bool,)? }

                impl $Op {
                    /// The instruction whose words start here; reads the extension words only where a field needs them.
                    #[inline(always)]
                    pub fn decode(word: u64, following: impl Fn(usize) -> u64) -> Self {
                        let mut fields = Reader::new(word);
                        let _ = (&mut fields, &following);
                        $(let $field: $Type = fields.next();)*
                        $(
                            let mut half = 0usize;
                            $(let $ext: $ExtType = {
                                let word = following(half / 2);
                                let bits = (word >> (32 * (half % 2))) as u32;
                                half += 1;
                                Operand::unpack(bits, false)
                            };)*
                            let _ = half;
                        )?
                        $(let $flag = word & super::FLAG != 0;)?
                        Self { $($field,)* $($($ext,)*)? $($flag,)? }
                    }

                    /// Appends the instruction's words, cache words zero.
                    pub fn encode(self, words: &mut Vec<u64>) {
                        let start = words.len();
                        let mut fields = Fields::new(super::Opcode::$Op);
                        let _ = &mut fields;
                        $(fields.push(self.$field);)*
                        let word = fields.word() $(| if self.$flag { super::FLAG } else { 0 })?;
                        words.push(word);
                        $(
                            let halves: &[u32] = &[$(self.$ext.bits()),*];
                            for pair in halves.chunks(2) {
                                words.push(u64::from(pair[0]) | u64::from(pair.get(1).copied().unwrap_or(0)) << 32);
                            }
                        )?
                        words.resize(start + super::Opcode::$Op.words(), 0);
                    }
                }

                impl From<$Op> for super::Instruction {
                    fn from(instruction: $Op) -> Self {
                        Self::$Op(instruction)
                    }
                }
            )*
        }

        /// Any instruction.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Instruction {
            $($(#[doc = $doc])* $Op(instruction::$Op),)*
        }

        impl Instruction {
            /// Its opcode.
            pub fn opcode(&self) -> Opcode {
                match self { $(Self::$Op(_) => Opcode::$Op,)* }
            }

            /// The instruction that starts at `at`; `None` for a bad opcode or one cut short.
            pub fn decode(words: &[u64], at: usize) -> Option<Self> {
                let word = *words.get(at)?;
                let opcode = *Opcode::ALL.get((word & 0xff) as usize)?;
                if at + opcode.words() > words.len() {
                    return None;
                }
                Some(match opcode {
                    $(Opcode::$Op => Self::$Op(instruction::$Op::decode(word, |i| words[at + 1 + i])),)*
                })
            }

            /// Appends the instruction's words.
            pub fn encode(self, words: &mut Vec<u64>) {
                match self { $(Self::$Op(op) => op.encode(words),)* }
            }

            /// Calls `visit` with the name and value of each operand, in order.
            pub fn operands(&self, mut visit: impl FnMut(&'static str, AnyOperand)) {
                match self {
                    $(Self::$Op(op) => {
                        let _ = op;
                        $(visit(stringify!($field), AnyOperand::of(op.$field));)*
                        $($(visit(stringify!($ext), AnyOperand::of(op.$ext));)*)?
                        $(visit(stringify!($flag), AnyOperand::flag(op.$flag));)?
                    })*
                }
            }

            /// The temporaries consumed by the `takes` clause: first register and number.
            #[allow(unused_variables, clippy::cast_lossless, clippy::unnecessary_cast,
                reason = "a clause uses the fields it needs")]
            pub fn takes(&self) -> Option<(Register, usize)> {
                match self {
                    $(Self::$Op(op) => {
                        $(let $field = u64::from(op.$field.bits());)*
                        $($(let $ext = u64::from(op.$ext.bits());)*)?
                        None::<(Register, usize)>$(.or(Some(($take as Register, ($take_n) as usize))))?
                    })*
                }
            }

            /// The temporaries produced by the `gives` clause: first register and number.
            #[allow(unused_variables, clippy::cast_lossless, clippy::unnecessary_cast,
                reason = "a clause uses the fields it needs")]
            pub fn gives(&self) -> Option<(Register, usize)> {
                match self {
                    $(Self::$Op(op) => {
                        $(let $field = u64::from(op.$field.bits());)*
                        $($(let $ext = u64::from(op.$ext.bits());)*)?
                        None::<(Register, usize)>$(.or(Some(($give as Register, ($give_n) as usize))))?
                    })*
                }
            }

            /// The jump target's distance, for an instruction that has one.
            pub fn label(&self) -> Option<Label> {
                let mut found = None;
                self.operands(|_, operand| {
                    if operand.role == Role::Label {
                        found = Some(Label(operand.bits as i32));
                    }
                });
                found
            }

            /// The same instruction with another destination; unchanged if it has none.
            #[must_use]
            pub fn with_out(mut self, out: operand::Out) -> Self {
                match &mut self {
                    $(Self::$Op(op) => {
                        let _ = &op;
                        $(op.$field.set_out(out);)*
                    })*
                }
                self
            }

            /// The same instruction with another jump distance; unchanged if it has no target.
            #[must_use]
            pub fn with_label(mut self, target: Label) -> Self {
                match &mut self {
                    $(Self::$Op(op) => {
                        let _ = &op;
                        $(op.$field.set_label(target);)*
                        $($(op.$ext.set_label(target);)*)?
                    })*
                }
                self
            }
        }
    };
}

/// The bit of the `own` byte that holds a row's `flag`.
pub const FLAG: u64 = 1 << (8 + 3);

/// What an instruction may do beside writing its destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effects {
    /// May raise a Python exception.
    pub raises: bool,
    /// May run Python code, dropping an operand included.
    pub reenters: bool,
    /// May go elsewhere than to the next instruction.
    pub jumps: bool,
    /// Suspends the frame.
    pub suspends: bool,
    /// Leaves the frame.
    pub returns: bool,
    /// Never goes to the next instruction.
    pub ends: bool,
}

impl Effects {
    /// None of them.
    pub const NONE: Self =
        Self { raises: false, reenters: false, jumps: false, suspends: false, returns: false, ends: false };
}

/// An operand with its type erased, for tools.
#[derive(Clone, Copy, Debug)]
pub struct AnyOperand {
    /// What the instruction does with it.
    pub role: Role,
    /// Its bits.
    pub bits: u32,
    /// Its ownership bit.
    pub own: bool,
}

impl AnyOperand {
    fn of<T: Operand>(operand: T) -> Self {
        Self { role: T::ROLE, bits: operand.bits(), own: operand.owns() }
    }

    fn flag(set: bool) -> Self {
        Self { role: Role::Flag, bits: u32::from(set), own: false }
    }
}

/// The bits of those operands, in the fields a, b, c, that name registers.
const fn register_fields(operands: &[(Role, u32)]) -> u8 {
    let (mut fields, mut slot, mut i) = (0, 0, 0);
    while i < operands.len() {
        let (role, slots) = operands[i];
        if matches!(role, Role::Write | Role::Read | Role::Keep | Role::Base) {
            fields |= 1 << slot;
        }
        slot += slots;
        i += 1;
    }
    fields
}

/// Words that hold these extension operands, two in each.
const fn extension_words(operands: &[&str]) -> usize {
    operands.len().div_ceil(2)
}

/// Packs operands into an instruction word.
struct Fields {
    word: u64,
    slot: u32,
}

impl Fields {
    fn new(opcode: Opcode) -> Self {
        Self { word: opcode as u64, slot: 0 }
    }

    fn push<T: Operand>(&mut self, operand: T) {
        self.word |= u64::from(operand.bits()) << (16 + 16 * self.slot);
        if operand.owns() {
            self.word |= 1 << (8 + self.slot);
        }
        self.slot += T::SLOTS;
        debug_assert!(self.slot <= 3, "a row has more operands than an instruction word holds");
    }

    fn word(&self) -> u64 {
        self.word
    }
}

/// Unpacks operands from an instruction word.
struct Reader {
    word: u64,
    slot: u32,
}

impl Reader {
    #[inline(always)]
    fn new(word: u64) -> Self {
        Self { word, slot: 0 }
    }

    #[inline(always)]
    fn next<T: Operand>(&mut self) -> T {
        let bits = (self.word >> (16 + 16 * self.slot)) as u32;
        let bits = if T::SLOTS == 1 { bits & 0xffff } else { bits };
        let own = self.word >> (8 + self.slot) & 1 != 0;
        self.slot += T::SLOTS;
        T::unpack(bits, own)
    }
}

use super::operand::{self, Label, Operand, Register, Role};

for_each_op!(define_opcodes);

/// `load_common`'s constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum CommonConstant {
    /// `None`
    None,
    /// `True`
    True,
    /// `False`
    False,
    /// `...`
    Ellipsis,
    /// The class AssertionError, whatever its name means in the program.
    AssertionError,
    /// The class NotImplementedError.
    NotImplementedError,
    /// The builtin `all`.
    All,
    /// The builtin `any`.
    Any,
    /// The builtin `tuple`.
    Tuple,
}

/// `convert`'s conversions, with the values of `ast.FormattedValue.conversion` in mind: `!s`, `!r`, `!a`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Conversion {
    /// No conversion (interpolations only).
    None,
    /// `!s`
    Str,
    /// `!r`
    Repr,
    /// `!a`
    Ascii,
}

/// Who awaits, which decides how `get_awaitable` words its TypeError.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum AwaitedBy {
    /// An `await` expression.
    Await,
    /// `async with`, for the result of `__aenter__`.
    Enter,
    /// `async with`, for the result of `__aexit__`.
    Exit,
}

/// Which protocol `load_manager` looks up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum ManagerKind {
    /// `__exit__`, `__enter__`
    With,
    /// `__aexit__`, `__aenter__`
    AsyncWith,
}

/// Bits of `make_function`'s `parts`, in the order in which the parts lie in the registers.
pub mod function_parts {
    /// A tuple of defaults of positional parameters.
    pub const DEFAULTS: u16 = 1;
    /// A dict of defaults of keyword-only parameters.
    pub const KW_DEFAULTS: u16 = 2;
    /// The `__annotate__` function.
    pub const ANNOTATE: u16 = 4;
    /// The tuple of closure cells.
    pub const CLOSURE: u16 = 8;
}

/// Bits of `reraise`'s `place`.
pub mod reraise_place {
    /// The exception goes on from there where it was raised, the handler having put things in order only; else from here.
    pub const THERE: u16 = 1;
    /// The handler has a handler of its own, whose work the instruction has done: tools hear that the exception passes it.
    pub const PASSES_CLEANUP: u16 = 2;
}

/// Rare operations behind one opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum IntrinsicKind {
    /// `sys.displayhook(R[0])`; result None.
    Print,
    /// Bind all public names of the module R[0] in the frame's locals.
    ImportStar,
    /// If the handled exception is the StopIteration or StopAsyncIteration that leaves a generator, put the RuntimeError
    /// caused by it in its place (PEP 479), which a `reraise` then raises without a traceback entry; result None.
    StopIterationError,
    /// TypeVar named R[0].
    TypeVar,
    /// TypeVar named R[0] whose bound is evaluated by the function R[1].
    TypeVarWithBound,
    /// TypeVar named R[0] whose constraints are evaluated by the function R[1].
    TypeVarWithConstraints,
    /// ParamSpec named R[0].
    ParamSpec,
    /// TypeVarTuple named R[0].
    TypeVarTuple,
    /// Set the default of the type parameter R[0] to be evaluated by the function R[1]; result R[0].
    SetTypeParamDefault,
    /// `Generic[*R[0]]`, R[0] a tuple of type parameters.
    SubscriptGeneric,
    /// TypeAliasType of the tuple R[0]: name, type parameters or None, evaluator function.
    TypeAlias,
    /// Set `__type_params__` of the function R[0] to R[1]; result R[0].
    SetFunctionTypeParams,
    /// What `except*` blocks raise at their end, made of R[0], the original exception, and R[1], the list of raised and
    /// unhandled parts (None stands for none), becomes the handled exception, for a `reraise`; result it or None.
    PrepReraiseStar,
    /// Add R[1], the number of an annotation that was executed, to the set R[0], `__conditional_annotations__`;
    /// SystemError if that is no set any more; result None.
    NoteAnnotation,
}
